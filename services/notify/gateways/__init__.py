"""The seam to the outside: a gateway takes one letter and either hands it over or says why not."""
