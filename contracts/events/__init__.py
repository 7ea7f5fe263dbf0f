"""Every fact of the published language, one module a service."""
