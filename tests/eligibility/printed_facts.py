"""The facts S1 to S66 of three printed program pages: where our page says them, or why they are not of the page.

A pattern stands for each preset whose page prints the fact; ours may say more, never less.
"""

MICHIGAN, BEFORE, AFTER, SCRIPTS = "bcbsm-2023", "bcbsma-2022", "bcbsma-2023", "esi-2024"
ALL = (MICHIGAN, BEFORE, AFTER, SCRIPTS)
MASSACHUSETTS = (BEFORE, AFTER)


def each(pattern: str, *presets: str) -> dict[str, str]:
    return dict.fromkeys(presets or ALL, pattern)


SEVEN = (
    r"Chronic heart failure, Diabetes, Hypertension \(high blood pressure\), Dyslipidemia \(high cholesterol\), "
    r"Depression, End-Stage Renal Disease \(ESRD\), Bone Disease-Arthritis-Osteoporosis"
)
NINE = f"Asthma, Chronic Obstructive Pulmonary Disease \\(COPD\\), {SEVEN.replace('heart failure', 'Heart Failure')}"
JOINT = (
    r"Anthem Insurance Companies, Inc\.; Blue Cross and Blue Shield of Massachusetts, Inc\.; "
    r"Blue Cross & Blue Shield of Rhode Island; Blue Cross and Blue Shield of Vermont"
)
WORKDAYS = r"April 1 to September 30: Monday to Friday, 8:00 a\.m\. to 8:00 p\.m\. Eastern time"
WINTER = r"October 1 to March 31: seven days a week, 8:00 a\.m\. to 8:00 p\.m\. Eastern time"
PACKET = r"Medication Action Plan \(MAP\).*Personal Medication List \(PML\)"
REACHED = (
    r"reach you or your doctor in person, by phone, by text message, by mail, by e-mail, "
    r"by electronic data exchange or by fax"
)
INTERN = r"a pharmacist, or a licensed pharmacy intern whom a pharmacist directly supervises"

PRINTED: dict[str, dict[str, str]] = {
    "S1": each(r"^.*Medication Therapy Management") | each(r"Medication Therapy Management Program \(MTMP\)", SCRIPTS),
    "S2": each(r"Last updated: \w+ \d+, \d{4}", MICHIGAN)
    | each("Last updated: January 1, 2023", *MASSACHUSETTS)
    | each("Last updated: January 2, 2024", SCRIPTS),
    "S3": each("BCBSM/BCN offers this program", MICHIGAN)
    | each(f"Blue MedicareRx \\(PDP\\).*{JOINT}.*S2893.*Y0014_22146, S2893_2244", *MASSACHUSETTS)
    | each("First Plan offers this program", SCRIPTS),
    "S4": each("team of pharmacists and trained pharmacy staff", MICHIGAN)
    | each("A pharmacist or another health care provider", *MASSACHUSETTS)
    | each("Our pharmacists will work with you", SCRIPTS),
    "S5": each(r"In 2022, Express Scripts, Inc\. \(ESI\) runs the drug benefit.*MedWiseRx runs this program", BEFORE)
    | each(r"In 2023, CVS Caremark runs the drug benefit.*separate company.*Outcomes Inc\. runs this", AFTER)
    | each("In 2024, Express Scripts runs the drug benefit", SCRIPTS),
    "S6": each("at least one of these paths.*you must meet all three", MICHIGAN) | each("you must meet all three"),
    "S7": each("We call that program: BCBSM/BCN internal drug management program", MICHIGAN),
    "S8": each("You have 3 or more long-term health problems"),
    "S9": each(
        "health problems such as: Diabetes, COPD, Rheumatoid arthritis, Alzheimer's disease, Heart failure", MICHIGAN
    )
    | each(f"from this list: {SEVEN}", AFTER)
    | each(
        r"from this list: Chronic Obstructive Pulmonary Disease \(COPD\), Depression, Diabetes, "
        r"High cholesterol \(Dyslipidemia\), Osteoporosis\.",
        SCRIPTS,
    ),
    "S10": each(f"from this list: {NINE}", BEFORE),
    "S11": each("You take 8 or more"),
    "S12": each("8 or more Part D maintenance drugs", MICHIGAN)
    | each("8 or more Part D drugs", *MASSACHUSETTS)
    | each("8 or more chronic or maintenance Part D drugs", SCRIPTS),
    "S13": each("Part D maintenance drugs each month", MICHIGAN),
    "S14": each(r"at least \$4,935\.00", MICHIGAN)
    | each(r"more than \$4,696\.00", BEFORE)
    | each(r"more than \$4,935\.00", AFTER)
    | each(r"more than \$5,330\.00", SCRIPTS),
    "S15": each(r"Your Part D drugs cost [a-z ]+\$[\d,.]+ a year\.") | each("what you spend and what your plan pays"),
    "S16": each("not a benefit.*comes with all our Medicare plans that cover drugs", MICHIGAN)
    | each("not a benefit.*extra service.*free", *MASSACHUSETTS, SCRIPTS),
    "S17": each("free.*voluntary.*does not change your drug coverage under Medicare", MICHIGAN, SCRIPTS)
    | each("do not have to take part.*we hope you will make full use of it", *MASSACHUSETTS),
    "S18": each("do not need to sign up.*we enroll you automatically.*letter will tell you that you are in"),
    "S19": each("letter tells you how to get started and more about the program", MICHIGAN, *MASSACHUSETTS)
    | each("pharmacist looks at your drug history.*problems we may have found.*call us for a full review", SCRIPTS),
    "S20": each("call to welcome you.*ask for a review or say no", *MASSACHUSETTS)
    | each("reach out to you in other ways", SCRIPTS),
    "S21": each("A form comes with the letter. Send it back to ask for a review or to say no", *MASSACHUSETTS),
    "S22": each("number on the back of your member ID card", MICHIGAN)
    | each("Call the number on this page.*send back the form", *MASSACHUSETTS)
    | each("Just tell us.*take you out of the program.*855-931-2782", SCRIPTS),
    "S23": each("will contact you if you can join", *MASSACHUSETTS) | each("If you are chosen", *MASSACHUSETTS),
    "S24": each("from the day you qualify until December 31 of that year"),
    "S25": each("you may be put in again in January"),
    "S26": each("At least once a year while you qualify, we offer you a talk"),
    "S27": each(r"one on one with [\w ,]+, by phone\.", MICHIGAN, *MASSACHUSETTS)
    | each("by phone or face to face", SCRIPTS),
    "S28": each("takes about 30 minutes"),
    "S29": each("one on one with one of our pharmacists", MICHIGAN) | each(INTERN, *MASSACHUSETTS, SCRIPTS),
    "S30": each("how to use your drugs safely", MICHIGAN)
    | each("prescription drugs.*over the counter.*herbal.*supplements.*samples.*right for you", *MASSACHUSETTS)
    | each("prescription drugs.*over the counter.*herbal.*vitamins and other dietary supplements", SCRIPTS),
    "S31": each("goals for each health problem.*problems with your medicines, and any questions", *MASSACHUSETTS),
    "S32": each("facts about all your medicines in one place. We may call the doctor who prescribes", SCRIPTS),
    "S33": each("call you about a problem, we can offer you the review on that call", *MASSACHUSETTS),
    "S34": each("Your Recommended To-Do List", MICHIGAN)
    | each(f"A letter that sums up your talk.*{PACKET}", *MASSACHUSETTS)
    | each(r"Your Medication Action Plan \(MAP\)", SCRIPTS),
    "S35": each("Your Personal Medication List")
    | each("drugs we talked about, with or without a prescription. We can update it when you need it", SCRIPTS),
    "S36": each("lists what we talked about", *MASSACHUSETTS)
    | each("steps to take toward your health goals.*ask your doctor at your next visit", SCRIPTS),
    "S37": each("Within 14 days of your review, we mail you these", MICHIGAN, *MASSACHUSETTS)
    | each("Within 14 days of your review, we mail or hand you these", SCRIPTS),
    "S38": each(r"Blank Personal Medication List.*\(PDF\)")
    | each(r"Sample Personal Medication List \(PML\) \(PDF\)", SCRIPTS),
    "S39": each("at least four times a year: each quarter, and each time new claims come in"),
    "S40": each("reach you or your doctor", MICHIGAN)
    | each("did not say no get these checks", *MASSACHUSETTS)
    | each("find a problem", SCRIPTS),
    "S41": each(
        "save you money.*national guidelines.*not taken as prescribed.*safety concerns, and drugs that may be safer "
        "or work better"
    ),
    "S42": each("use the same steps for all members", *MASSACHUSETTS),
    "S43": each("most serious problems come first", *MASSACHUSETTS),
    "S44": each(REACHED, *MASSACHUSETTS) | each("reach you or your doctor by mail, by fax or by phone", SCRIPTS),
    "S45": each("If we call you about a problem, we can offer you the review", *MASSACHUSETTS),
    "S47": each("doctor decides.*do not change unless you and your doctor decide so", SCRIPTS),
    "S48": each("you or your doctor if you should think about a change.*may get a letter that sums up", *MASSACHUSETTS)
    | each("tell you or your doctor", SCRIPTS),
    "S49": each("find problems with your drugs early", MICHIGAN)
    | each("manage your health problems better", *MASSACHUSETTS)
    | each("lower the risk of harm or a mix-up.*know more.*good habits", SCRIPTS),
    "S50": each("team of pharmacists and doctors made this program", SCRIPTS),
    "S51": each(
        "one may affect another.*side effects, and what you can do.*the most from each drug.*ways to pay less", SCRIPTS
    ),
    "S52": each("authorize someone to act for you.*work with others on your care team", SCRIPTS),
    "S53": each("Call the number on the back of your member ID card", MICHIGAN)
    | each(r"Member Service: 1-800-200-4255 \(TTY: 711\)", *MASSACHUSETTS)
    | each(r"Express Scripts: 855-931-2782 \(TTY: 711\) · toll-free", SCRIPTS),
    "S54": each(f"{WORKDAYS} {WINTER}", *MASSACHUSETTS)
    | each(r"All year: Monday to Friday, 6:00 a\.m\. to 4:00 p\.m\. Pacific time", SCRIPTS),
    "S56": each(r"at CMS\.gov \(you leave our site\)"),
    "S57": each(
        "file a complaint. Call us.*broker or agent, please give us the name.*Medicare complaint form", *MASSACHUSETTS
    ),
    "S58": each(r"health plan \(HMO and PPO\) with a Medicare contract.*depends on contract renewal", *MASSACHUSETTS),
    "S59": each(
        "URAC has accredited this program: Drug Therapy Management. URAC has accredited this program: "
        "Opioid Stewardship Designation, since January 1, 2024",
        SCRIPTS,
    ),
    "S60": each("people with more than one long-term health problem who take many drugs", MICHIGAN)
    | each("more than one long-term health problem who take many drugs. Such drugs can also cost a lot", SCRIPTS),
    "S61": each("such as: Diabetes, COPD, Rheumatoid arthritis", MICHIGAN),
    "S62": each(r"Year: 202\d"),
    "S63": each("to ask if you qualify, to set a time for a review, or to leave the program"),
    "S64": each("one on one", MICHIGAN, *MASSACHUSETTS),
    "S65": each("with or without a yearly review", SCRIPTS),
    "S66": each("We may also reach out to you in other ways", SCRIPTS),
}

# Facts that direct how the product works and that no member reads.
ELSEWHERE = {
    "S46": "kinds of intervention are recorded with each contact of a prescriber",
    "S55": "the sales line of a site's header is no line of the program: lines have a purpose each and are never mixed",
}
