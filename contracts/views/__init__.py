"""What services answer: views for authorised staff, with residents masked; one module a service."""
