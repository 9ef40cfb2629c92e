printf 'Authorization: Bearer %s\nContent-Type: application/json\nIdempotency-Key: %s\n' "$API_KEY" "$(date +%s)-$$" > headers.txt
printf '{"lookups": [{"name": "王想", "phone": "15422964998"}, {"name": "王想", "idNumber": "450000200209269829"}]}' > batch.json
curl --silent --show-error --no-buffer --fail-with-body -H @headers.txt --data-binary @batch.json "$SITE/api/v1/lookups/batch"
