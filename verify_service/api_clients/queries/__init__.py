"""SQL on api_client, api_client_day and batch_request: for the operator, and for the public process."""
