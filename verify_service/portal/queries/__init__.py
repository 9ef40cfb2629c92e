"""SQL for partners' pages. Each statement names the partner; row-level security would hide the others' rows anyway."""
