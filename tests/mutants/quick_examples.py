"""A hypothesis profile for mutants: the same examples each time, without shrinking."""

from hypothesis import Phase, settings

settings.register_profile(
    "quick",
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
