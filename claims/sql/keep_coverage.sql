-- Coverage is kept with the other periods of a member: see keep_spans.
SELECT line FROM judged_coverage WHERE false;
