"""What it takes to run Shaodao elsewhere than in a world of `shaodao up`."""
