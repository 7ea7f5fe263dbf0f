"""Speed, as ratios against floors measured in the same run on the same servers (never a timed test)."""
