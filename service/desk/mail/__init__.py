"""Mail of the desk: answers go out, letters of customers come in and find their case."""
