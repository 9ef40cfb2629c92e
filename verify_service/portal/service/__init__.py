"""What partners' pages ask and may do. Each runs on a connection that is bound to the partner."""
