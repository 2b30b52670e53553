"""Set-wise arithmetic of the month, for all halls at once: NumPy, no tables.

The month service meets these names, each in the module that is named like it:

- ``policy.MonthPolicy`` the numbers headquarters decides;
- ``evidence.Evidence`` what was seen, halls by months; ``Audits``, ``Answers``;
- ``states.HallStates`` what is carried per hall, with its stored form in bytes;
- ``network.NetworkModel`` what one month's run estimated for everybody;
- ``month.estimate_month`` a full run; ``month.apply_model`` some halls of it again;
- ``estimate.MonthEstimate`` what comes out, one entry per hall;
- ``official.official_scores`` the transparent score as floats, with its near ties;
- ``bands.assign_bands`` groups that cannot be told apart, instead of ranks;
- ``naming.chance_in_worst_tenth``, ``naming.grades_covered``, ``change.find_changes``:
  what may be said of a hall by name.

Points are 0 to 100, unrounded. Sources are ordered mystery, open inspection, callback,
feedback everywhere (``policy.SOURCES``). No array ever holds NaN: masks say what is
missing, and a masked entry holds 0.
"""
