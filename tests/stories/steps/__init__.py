"""What the sentences of the features do, over HTTP and nothing else."""
