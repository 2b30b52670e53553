"""The outside world: storage, pictures, PDF, sheets, signatures."""
