"""The jobs: rounds begin and close at their time, old data is deleted."""

import asyncio
from datetime import timedelta

from criteria.schedule import Every, Schedule
from criteria.sets.set_file import shipped_text
from storage import history
from storage.evidence import evidence
from storage.messages import inbox
from storage.people import people
from storage.personal_data import withdrawal
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds, schedules
from tests.storage.sample import sample


async def test_a_round_begins_and_closes_at_its_time(deployment):
    now = deployment.clock.now()
    async with deployment.running() as program:

        def plan(tx):
            commune = places.add_commune(tx, "yen-kien", "Xã Yên Kiện")
            places.add_unit(tx, commune.id, "khu-1", "Khu 1", number=1)
            return rounds.open_round(
                tx, commune.id, "Kỳ 1", "phu-tho-2024", shipped_text("phu-tho-2024"), None,
                now + timedelta(days=1), now + timedelta(days=8), now + timedelta(days=9), now,
            )  # fmt: skip

        planned = await program.database.write(plan)
        states = []
        for days in (0, 1, 8, 9):
            if days:
                deployment.clock.move_to(now + timedelta(days=days, seconds=1))
            await program.jobs.tick()
            found = await program.database.read(lambda tx: rounds.round_by_id(tx, planned.id))
            states.append(found.state)
        assert states == ["planned", "open", "open", "closed"]
        units = await program.database.read(lambda tx: rounds.units_of_round(tx, planned.id))
        assert [unit.label for unit in units] == ["Khu 1", ""]


async def test_a_round_waits_for_the_one_before_it(town):
    now = town.deployment.clock.now()
    commune = town.sample.commune_id
    waiting = await town.program.database.write(
        lambda tx: rounds.open_round(
            tx, commune, "Kỳ sau", "phu-tho-2024", shipped_text("phu-tho-2024"), None,
            now + timedelta(hours=1), now + timedelta(days=20), now + timedelta(days=25), now,
        )
    )  # fmt: skip

    async def state():
        await town.program.jobs.tick()
        found = await town.program.database.read(lambda tx: rounds.round_by_id(tx, waiting.id))
        return found.state

    town.deployment.clock.move_to(now + timedelta(hours=2))
    assert await state() == "planned"
    town.deployment.clock.move_to(town.sample.closes_at + timedelta(seconds=1))
    await state()
    assert await state() == "open"


async def test_a_person_who_withdrew_is_forgotten_after_thirty_days(town):
    await town.head.send("/start")
    database = town.program.database
    address = str(town.head.id)
    now = town.deployment.clock.now()

    def leave(tx):
        person = people.find_person(tx, "telegram", address)
        withdrawal.withdraw(tx, person.id, now)
        return person.id

    left = await database.write(leave)
    town.deployment.clock.move_to(now + timedelta(days=31))
    await town.program.jobs.sweep()
    assert (await database.read(lambda tx: people.person(tx, left))).name is None


async def test_evidence_is_kept_after_its_round_for_the_configured_time(deployment):
    now = deployment.clock.now()
    deployment.settings = deployment.settings.model_copy(update={"keep_evidence_months": 6})

    def give(tx):
        made = sample(tx)
        report = reports.start_report(tx, made.round.id, made.areas[0].id, now)
        evidence.add_link(tx, report, "HT1", "https://x.test/a", by=None, now=now)
        rounds.close_round(tx, made.round.id, now)
        return report.id

    async with deployment.running() as program:
        report = await program.database.write(give)
        for days, left in ((181, 1), (2, 0)):
            deployment.clock.move_to(deployment.clock.now() + timedelta(days=days))
            await program.jobs.drop_old()
            found = await program.database.read(lambda tx: evidence.evidence_of(tx, report))
            assert len(found) == left


async def test_people_are_erased_from_rounds_that_closed_years_ago(deployment, log):
    now = deployment.clock.now()
    deployment.settings = deployment.settings.model_copy(
        update={"keep_rounds_years": 3, "log_level": "INFO"}
    )

    def give(tx):
        made = sample(tx)
        report = reports.start_report(tx, made.round.id, made.areas[0].id, now)
        evidence.add_link(tx, report, "HT1", "https://x.test/a", by=made.person.id, now=now)
        rounds.close_round(tx, made.round.id, now)
        return made.round.id

    async with deployment.running() as program:
        number = await program.database.write(give)

        async def named():
            entries = await program.database.read(lambda tx: history.history_of_round(tx, number))
            return {one.person_id for one in entries} - {None}

        for days, left in ((3 * 365, True), (2, False)):
            deployment.clock.move_to(deployment.clock.now() + timedelta(days=days))
            await program.jobs.drop_old()
            assert bool(await named()) is left
    assert log.getvalue().count("people erased from old rounds") == 1


async def test_the_payload_of_a_failed_update_is_deleted_after_a_week(deployment):
    now = deployment.clock.now()
    async with deployment.running() as program:
        update = inbox.Update("telegram", "7", "1", "{}")
        await program.database.write(lambda tx: inbox.take_in(tx, [update], now))
        await program.database.write(lambda tx: inbox.fail(tx, "telegram", "7", most=1))
        deployment.clock.move_to(now + timedelta(days=8))
        await program.jobs.sweep()
        text = await program.database.read(
            lambda tx: tx.exec_driver_sql("SELECT payload FROM inbox").scalar()
        )
    assert text is None


async def test_a_job_that_runs_during_the_stop_is_not_an_error(deployment, log):
    for _ in range(10):
        async with deployment.running():
            await asyncio.sleep(0)  # the first job has just begun
    assert "raised an exception" not in log.getvalue()
    assert "error" not in log.getvalue()


async def test_a_clock_that_goes_back_does_not_stop_the_jobs(deployment):
    async with deployment.running() as program:
        scheduler = program.jobs.scheduler
        real = {job.id: job.next_run_time for job in scheduler.get_jobs()}
        earlier = min(real.values()) - timedelta(days=2)  # the clock was two days ahead
        program.jobs.reschedule_late_jobs(min(real.values()))
        assert {job.id: job.next_run_time for job in scheduler.get_jobs()} == real
        program.jobs.reschedule_late_jobs(earlier)
        assert {job.next_run_time for job in scheduler.get_jobs()} == {earlier}


async def test_a_schedule_whose_criteria_set_is_gone_waits_and_is_logged_once(deployment, log):
    now = deployment.clock.now()

    def plan(tx):
        for code in ("a", "b"):
            commune = places.add_commune(tx, code, f"Xã {code}")
            monthly = Schedule(Every.MONTH, 1, 10)
            schedules.set_schedule(tx, commune.id, "gone-2020", monthly, now.date(), now)

    def said():
        lines = [line for line in log.getvalue().splitlines() if '"error"' in line]
        return [line for line in lines if "gone-2020" in line] or lines

    async with deployment.running() as program:
        await program.database.write(plan)
        for _ in range(3):
            await program.jobs.tick()
            await program.jobs.look_for_sets()
        (line,) = said()
        assert '"sets": ["gone-2020"]' in line
        assert '"schedules": 2' in line
        assert len(await program.database.read(lambda tx: schedules.schedules_due(tx, now.date())))
