"""Photos of trainees, handed in as a ZIP beside a roster: named 姓名+身份证号, matched, and brought to one format."""
