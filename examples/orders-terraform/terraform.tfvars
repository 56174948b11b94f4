organization_id = "o-t1d3w4t3r0"
