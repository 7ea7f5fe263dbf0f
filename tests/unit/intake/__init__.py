"""intake 诉求受理."""
