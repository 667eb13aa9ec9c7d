"""Reading, cutting and encoding by several processes; deciding and storing stay with one writer."""
