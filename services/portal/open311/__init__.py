"""Open311 GeoReport v2: the open door for programs of others (https://wiki.open311.org/GeoReport_v2/)."""
