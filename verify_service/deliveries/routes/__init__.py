"""`/staff/deliveries`: parcels of paper certificates, packed and moved along."""
