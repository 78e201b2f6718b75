"""A profile of hypothesis for mutants: the same examples each time, and none is made smaller."""

from hypothesis import Phase, settings

settings.register_profile(
    "quick",
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
