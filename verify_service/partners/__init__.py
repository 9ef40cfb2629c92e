"""Partner institutions (招生合作机构), found by any name a roster has used for them."""
