-- The last final version of each claim counts unless it is a deletion; every other version that differs is kept beside it.
WITH version AS (
    SELECT DISTINCT
        "BENE_ID" AS member, "CLM_GRP_ID" AS claim, "FINAL_ACTION" <> 'N' AS final, to_date("PD_DT", 'DD-Mon-YYYY') AS paid_on,
        CASE "ADJSTMT_DLTN_CD" WHEN 'D' THEN 2 WHEN 'A' THEN 1 ELSE 0 END AS action, "TOT_RX_CST_AMT"::numeric AS cost,
        "SRVC_DT", "PROD_SRVC_ID", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM", "DRUG_CVRG_STUS_CD", "CMPND_CD", "DSPNSNG_STUS_CD",
        "RX_SRVC_RFRNC_NUM", "FILL_NUM", "PRSCRBR_ID", "SRVC_PRVDR_ID"
    FROM plain_pde
),
last AS (
    SELECT DISTINCT ON (member, claim) final, action, cost
    FROM version
    ORDER BY member, claim, final DESC, paid_on DESC, action DESC
),
counted AS (SELECT count(*) AS fills, sum(cost) AS cost FROM last WHERE final AND action < 2),
coded AS (
    SELECT DISTINCT "BENE_ID", "CLM_ID", "CLM_FROM_DT", unnest(codes) AS code
    FROM (
        SELECT "BENE_ID", "CLM_ID", "CLM_FROM_DT", ARRAY[
            "PRNCPAL_DGNS_CD", "LINE_ICD_DGNS_CD", "ICD_DGNS_CD1", "ICD_DGNS_CD2", "ICD_DGNS_CD3", "ICD_DGNS_CD4", "ICD_DGNS_CD5",
            "ICD_DGNS_CD6", "ICD_DGNS_CD7", "ICD_DGNS_CD8", "ICD_DGNS_CD9", "ICD_DGNS_CD10", "ICD_DGNS_CD11", "ICD_DGNS_CD12"
        ] AS codes
        FROM plain_carrier
        UNION ALL
        SELECT "BENE_ID", "CLM_ID", "CLM_FROM_DT", ARRAY[
            "PRNCPAL_DGNS_CD", "ICD_DGNS_CD1", "ICD_DGNS_CD2", "ICD_DGNS_CD3", "ICD_DGNS_CD4", "ICD_DGNS_CD5", "ICD_DGNS_CD6",
            "ICD_DGNS_CD7", "ICD_DGNS_CD8", "ICD_DGNS_CD9", "ICD_DGNS_CD10", "ICD_DGNS_CD11", "ICD_DGNS_CD12"
        ]
        FROM plain_outpatient
        UNION ALL
        SELECT "BENE_ID", "CLM_ID", "CLM_FROM_DT", ARRAY[
            "PRNCPAL_DGNS_CD", "ICD_DGNS_CD1", "ICD_DGNS_CD2", "ICD_DGNS_CD3", "ICD_DGNS_CD4", "ICD_DGNS_CD5", "ICD_DGNS_CD6",
            "ICD_DGNS_CD7", "ICD_DGNS_CD8", "ICD_DGNS_CD9", "ICD_DGNS_CD10", "ICD_DGNS_CD11", "ICD_DGNS_CD12"
        ]
        FROM plain_inpatient
    ) claim
)
SELECT
    (SELECT count(*) FROM plain_pde) + (SELECT count(*) FROM plain_carrier) + (SELECT count(*) FROM plain_outpatient)
    + (SELECT count(*) FROM plain_inpatient) AS lines,
    counted.fills, counted.cost,
    (SELECT count(*) FROM version) - counted.fills AS versions,
    (SELECT count(*) FROM coded WHERE code <> '') AS diagnoses
FROM counted
