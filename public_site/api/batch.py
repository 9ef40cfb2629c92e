import httpx, os, uuid
headers = {"Authorization": f"Bearer {os.environ['API_KEY']}", "Idempotency-Key": str(uuid.uuid4())}
print(httpx.post(os.environ["SITE"] + "/api/v1/lookups/batch", headers=headers, json={"lookups": [{"name": "王想", "phone": "15422964998"}]}).raise_for_status().text)
