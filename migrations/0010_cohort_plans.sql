-- When a class is planned to be examined; and who may enter the calendar that its certificates are due by.

alter table cohort
    add column exam_on date,
    add column make_up_on date,
    add constraint cohort_make_up_after_exam check (make_up_on > exam_on);
comment on column cohort.exam_on is 'Planned; the day an exam was really held stands with each sitting.';
grant update (partner_id, exam_on, make_up_on) on cohort to verify_service_operator;

alter table working_day_year add column amended_because text;
comment on column working_day_year.amended_because is 'Why the days of a known year were replaced, which moves due dates; null for a year as first entered.';
grant update (source, amended_because) on working_day_year to verify_service_operator;
grant delete on working_day_exception to verify_service_operator;
