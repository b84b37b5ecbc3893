"""Who may do what: every route of the site, declared by hand. tests/trust/test_access.py holds the site to it.

A row of a plan's table reads: method, the answer to those who may, who may (a letter each), route. Everybody else is
answered 403, somebody who works for another plan 404, and anonymous or half signed-in people are sent to sign in (401
on the API). Methods that have no row are refused: 405, whoever asks.

P pharmacist, I pharmacy intern, S scheduler, A administrator, U auditor, V service account
"""

PAGES = """
GET  200 PISAU-  <plan:plan_code>/
GET  200 ----U-  <plan:plan_code>/audit/
GET  200 PISAU-  <plan:plan_code>/members/
POST 302 PISAU-  <plan:plan_code>/members/
GET  200 PI--U-  <plan:plan_code>/members/<uuid:member_id>/eligibility/
GET  200 PISAU-  <plan:plan_code>/members/<uuid:member_id>/
GET  200 ---AUV  <plan:plan_code>/loads/
POST 422 ---A-V  <plan:plan_code>/loads/start/
GET  200 ---AUV  <plan:plan_code>/loads/<uuid:load_id>/
GET  200 ---AUV  <plan:plan_code>/loads/files/<uuid:file_id>/
GET  200 ---A-V  <plan:plan_code>/loads/files/<uuid:file_id>/rejected/
GET  200 ---AUV  <plan:plan_code>/drugs/unmapped/
GET  200 ---A--  <plan:plan_code>/drugs/unmapped/<ndc:ndc>/
POST 422 ---A--  <plan:plan_code>/drugs/unmapped/<ndc:ndc>/
POST 302 ---A--  <plan:plan_code>/drugs/mappings/<uuid:mapping_id>/withdraw/
GET  200 PISAU-  <plan:plan_code>/roster/
POST 302 PISAU-  <plan:plan_code>/roster/
GET  200 PISAU-  <plan:plan_code>/roster/export/
GET  200 PIS---  <plan:plan_code>/enrollments/<uuid:enrollment_id>/opt-out/
POST 422 PIS---  <plan:plan_code>/enrollments/<uuid:enrollment_id>/opt-out/
POST 409 PIS---  <plan:plan_code>/enrollments/<uuid:enrollment_id>/opt-in/
GET  200 ---AU-  <plan:plan_code>/criteria/
POST 422 ---A--  <plan:plan_code>/criteria/new/
GET  200 ---AU-  <plan:plan_code>/criteria/<uuid:criteria_id>/
GET  200 ---AU-  <plan:plan_code>/criteria/<uuid:criteria_id>/preview/
GET  200 ---AU-  <plan:plan_code>/criteria/<uuid:criteria_id>/program/
POST 422 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/program/save/
POST 422 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/save/
POST 200 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/words/
POST 200 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/try/
POST 422 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/simulate/
POST 302 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/send/
POST 409 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/give-back/
GET  200 ---AU-  <plan:plan_code>/criteria/simulations/<uuid:simulation_id>/
GET  200 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/publish/
POST 409 ---A--  <plan:plan_code>/criteria/<uuid:criteria_id>/publish/
GET  200 PI--U-  <plan:plan_code>/queue/
POST 302 PI--U-  <plan:plan_code>/queue/
GET  200 PI--U-  <plan:plan_code>/alerts/<uuid:alert_id>/
POST 302 PI----  <plan:plan_code>/alerts/<uuid:alert_id>/claim/
POST 409 PI----  <plan:plan_code>/alerts/<uuid:alert_id>/release/
POST 422 PI----  <plan:plan_code>/alerts/<uuid:alert_id>/resolve/
POST 302 PI----  <plan:plan_code>/members/<uuid:member_id>/cmr/
GET  200 PI--U-  <plan:plan_code>/cmrs/<uuid:cmr_id>/
POST 302 PI----  <plan:plan_code>/cmrs/<uuid:cmr_id>/notes/
POST 422 PI----  <plan:plan_code>/cmrs/<uuid:cmr_id>/medications/
POST 422 PI----  <plan:plan_code>/cmrs/<uuid:cmr_id>/medications/<uuid:medication_id>/
POST 422 PI----  <plan:plan_code>/cmrs/<uuid:cmr_id>/actions/
POST 302 PI----  <plan:plan_code>/cmrs/<uuid:cmr_id>/actions/<uuid:action_id>/remove/
GET  200 P-S---  <plan:plan_code>/calls/
POST 302 P-S---  <plan:plan_code>/calls/
GET  200 P-S---  <plan:plan_code>/calls/<uuid:member_id>/book/
POST 422 P-S---  <plan:plan_code>/calls/<uuid:member_id>/book/
GET  200 PIS-U-  <plan:plan_code>/calendar/
POST 302 P-S---  <plan:plan_code>/appointments/<uuid:appointment_id>/cancel/
POST 302 P-S---  <plan:plan_code>/appointments/<uuid:appointment_id>/no-show/
GET  200 ---AUV  <plan:plan_code>/sweeps/
POST 422 ---A-V  <plan:plan_code>/sweeps/start/
GET  200 ---AUV  <plan:plan_code>/sweeps/<uuid:sweep_id>/
POST 302 ---A-V  <plan:plan_code>/sweeps/<uuid:sweep_id>/retry/
GET  200 PI--U-  <plan:plan_code>/rules/
GET  200 PI--U-  <plan:plan_code>/letters/
GET  200 PI--U-  <plan:plan_code>/letters/of-review/<uuid:cmr_id>/
POST 302 P-----  <plan:plan_code>/letters/of-review/<uuid:cmr_id>/complete/
GET  200 PI--U-  <plan:plan_code>/letters/<uuid:letter_id>/
GET  200 PI--U-  <plan:plan_code>/letters/<uuid:letter_id>/pdf/
POST 302 P-----  <plan:plan_code>/letters/<uuid:letter_id>/mail/
POST 302 P-----  <plan:plan_code>/letters/<uuid:letter_id>/void/
"""

API = """
GET  200 PISAU-  api/v1/plans/<plan:plan_code>/members/
POST 422 PISAU-  api/v1/plans/<plan:plan_code>/members/search/
GET  200 PISAU-  api/v1/plans/<plan:plan_code>/members/<uuid:id>/
GET  200 PI-AU-  api/v1/plans/<plan:plan_code>/determinations/
GET  200 PI-AU-  api/v1/plans/<plan:plan_code>/determinations/<uuid:id>/
GET  200 ---AU-  api/v1/plans/<plan:plan_code>/criteria/
POST 422 ---A--  api/v1/plans/<plan:plan_code>/criteria/
GET  200 ---AU-  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/
POST 422 ---A--  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/
POST 422 ---A--  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/try/
POST 200 ---A--  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/send/
POST 409 ---A--  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/give-back/
POST 422 ---A--  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/publish/
GET  200 ---AU-  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/simulations/
POST 201 ---A--  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/simulations/
GET  200 ---AU-  api/v1/plans/<plan:plan_code>/simulations/<uuid:id>/
GET  200 ---AU-  api/v1/plans/<plan:plan_code>/simulations/<uuid:id>/members/
GET  200 ---AU-  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/program/
POST 422 ---A--  api/v1/plans/<plan:plan_code>/criteria/<uuid:id>/program/
GET  200 PISAU-  api/v1/plans/<plan:plan_code>/enrollments/
POST 422 PISAU-  api/v1/plans/<plan:plan_code>/enrollments/search/
GET  200 PISAU-  api/v1/plans/<plan:plan_code>/enrollments/<uuid:id>/
POST 422 PIS---  api/v1/plans/<plan:plan_code>/enrollments/<uuid:id>/opt-out/
POST 409 PIS---  api/v1/plans/<plan:plan_code>/enrollments/<uuid:id>/opt-back-in/
GET  200 PI--U-  api/v1/plans/<plan:plan_code>/alerts/
GET  200 PI--U-  api/v1/plans/<plan:plan_code>/alerts/<uuid:id>/
POST 200 PI----  api/v1/plans/<plan:plan_code>/alerts/<uuid:id>/claim/
POST 409 PI----  api/v1/plans/<plan:plan_code>/alerts/<uuid:id>/release/
POST 422 PI----  api/v1/plans/<plan:plan_code>/alerts/<uuid:id>/resolve/
GET  200 PIS-U-  api/v1/plans/<plan:plan_code>/appointments/
POST 422 P-S---  api/v1/plans/<plan:plan_code>/appointments/
GET  422 P-S---  api/v1/plans/<plan:plan_code>/appointments/free/
GET  200 PIS-U-  api/v1/plans/<plan:plan_code>/appointments/<uuid:id>/
POST 200 P-S---  api/v1/plans/<plan:plan_code>/appointments/<uuid:id>/cancel/
POST 200 P-S---  api/v1/plans/<plan:plan_code>/appointments/<uuid:id>/no-show/
GET  200 ---AUV  api/v1/plans/<plan:plan_code>/unmapped-ndcs/
GET  200 ---AUV  api/v1/plans/<plan:plan_code>/drug-mappings/
POST 422 ---A--  api/v1/plans/<plan:plan_code>/drug-mappings/
POST 200 ---A--  api/v1/plans/<plan:plan_code>/drug-mappings/<uuid:id>/withdraw/
GET  200 PI--U-  api/v1/plans/<plan:plan_code>/letters/
GET  200 PI--U-  api/v1/plans/<plan:plan_code>/letters/<uuid:id>/
GET  200 PI--U-  api/v1/plans/<plan:plan_code>/letters/<uuid:id>/pdf/
POST 200 P-----  api/v1/plans/<plan:plan_code>/letters/<uuid:id>/mail/
POST 200 P-----  api/v1/plans/<plan:plan_code>/letters/<uuid:id>/void/
GET  200 PI--U-  api/v1/plans/<plan:plan_code>/members/<uuid:id>/eligibility/
GET  200 ---AUV  api/v1/plans/<plan:plan_code>/loads/
POST 422 ---A-V  api/v1/plans/<plan:plan_code>/loads/
GET  200 PISAUV  api/v1/plans/<plan:plan_code>/loads/freshness/
GET  200 ---AUV  api/v1/plans/<plan:plan_code>/loads/<uuid:id>/
GET  200 ---A-V  api/v1/plans/<plan:plan_code>/loads/files/<uuid:id>/rejected/
GET  200 ---AUV  api/v1/plans/<plan:plan_code>/sweeps/
POST 422 ---A-V  api/v1/plans/<plan:plan_code>/sweeps/
POST 200 ---A-V  api/v1/plans/<plan:plan_code>/sweeps/<uuid:id>/retry/
"""

# Of no plan: method, then the answers to anonymous, half signed-in and signed-in people. 404: no one-time code is set up.
OF_NO_PLAN = """
GET  200 200 302  (front door)
GET  200 200 200  healthz
GET  200 200 200  blank-medication-list.pdf
GET  200 200 200  sample-medication-list.pdf
GET  200 200 200  programs/<plan:plan_code>/
GET  200 200 200  programs/<plan:plan_code>/<int:plan_year>/
GET  302 302 204  keep-alive/
POST 302 302 204  keep-alive/
GET  200 302 302  account/login/
POST 200 302 302  account/login/
GET  302 302 200  account/logout/
POST 302 302 302  account/logout/
GET  200 200 200  account/inactive/
GET  302 302 200  account/reauthenticate/
POST 302 302 200  account/reauthenticate/
GET  302 302 200  account/password/change/
POST 302 302 200  account/password/change/
GET  302 302 200  account/codes/
GET  302 200 302  account/codes/authenticate/
POST 302 200 302  account/codes/authenticate/
GET  302 302 302  account/codes/reauthenticate/
POST 302 302 302  account/codes/reauthenticate/
GET  302 302 302  account/codes/totp/activate/
POST 302 302 302  account/codes/totp/activate/
GET  302 302 404  account/codes/totp/deactivate/
POST 302 302 404  account/codes/totp/deactivate/
GET  302 302 404  account/codes/recovery/
GET  302 302 302  account/codes/recovery/generate/
POST 302 302 302  account/codes/recovery/generate/
GET  302 302 404  account/codes/recovery/download/
GET  401 401 200  api/v1/schema/
"""

LETTERS = {
    "P": "pharmacist",
    "I": "intern",
    "S": "scheduler",
    "A": "administrator",
    "U": "auditor",
    "V": "service",
}


def rows(table: str) -> list[list[str]]:
    return [line.split(maxsplit=len(line.split()) - 1) for line in table.strip().splitlines()]
