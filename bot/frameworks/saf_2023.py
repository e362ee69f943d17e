"""CQC's single assessment framework: 34 quality statements; the codes S1 to W8 are a habit of the field, not CQC's."""

from bot.frameworks.shape import Framework, Question, topics

SAF_2023 = Framework(
    key="saf-2023",
    name="Single assessment framework",
    topic_word="quality statement",
    standing=(
        "In force when this list was made in 2026. CQC has announced sector frameworks in its place; ask CQC's website "
        "which one your next assessment uses."
    ),
    topics=topics(
        {
            Question.SAFE: "S",
            Question.EFFECTIVE: "E",
            Question.CARING: "C",
            Question.RESPONSIVE: "R",
            Question.WELL_LED: "W",
        },
        {
            Question.SAFE: (
                "Learning culture",
                "Safe systems, pathways and transitions",
                "Safeguarding",
                "Involving people to manage risks",
                "Safe environments",
                "Safe and effective staffing",
                "Infection prevention and control",
                "Medicines optimisation",
            ),
            Question.EFFECTIVE: (
                "Assessing needs",
                "Delivering evidence-based care and treatment",
                "How staff, teams and services work together",
                "Supporting people to live healthier lives",
                "Monitoring and improving outcomes",
                "Consent to care and treatment",
            ),
            Question.CARING: (
                "Kindness, compassion and dignity",
                "Treating people as individuals",
                "Independence, choice and control",
                "Responding to people's immediate needs",
                "Workforce wellbeing and enablement",
            ),
            Question.RESPONSIVE: (
                "Person-centred care",
                "Care provision, integration and continuity",
                "Providing information",
                "Listening to and involving people",
                "Equity in access",
                "Equity in experiences and outcomes",
                "Planning for the future",
            ),
            Question.WELL_LED: (
                "Shared direction and culture",
                "Capable, compassionate and inclusive leaders",
                "Freedom to speak up",
                "Workforce equality, diversity and inclusion",
                "Governance, management and sustainability",
                "Partnerships and communities",
                "Learning, improvement and innovation",
                "Environmental sustainability – sustainable development",
            ),
        },
    ),
    evidence_categories=(
        "People's experience of health and care services",
        "Feedback from staff and leaders",
        "Feedback from partners",
        "Observation",
        "Processes",
        "Outcomes",
    ),
)
