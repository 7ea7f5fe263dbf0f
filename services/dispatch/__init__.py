"""吹哨报到: units and receivers, the duty catalogue, whistles and their tasks, clocks, ratings."""
