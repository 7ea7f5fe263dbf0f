"""Files people attach: photos, papers and recordings, named by the fingerprint of their content."""
