"""CQC's draft framework for adult social care of 24 March 2026: 24 key lines of enquiry; the codes are ours."""

from bot.frameworks.shape import Framework, Question, topics

ASC_2026_DRAFT = Framework(
    key="asc-2026-draft",
    name="Adult social care framework (draft of March 2026)",
    topic_word="key line of enquiry",
    standing=(
        "Published as a draft on 24 March 2026, consulted on until 12 June 2026 and meant for use from late 2026. "
        "Whether the final wording or a start date has been set could not be confirmed when this list was made."
    ),
    topics=topics(
        {
            Question.SAFE: "KS",
            Question.EFFECTIVE: "KE",
            Question.CARING: "KC",
            Question.RESPONSIVE: "KR",
            Question.WELL_LED: "KW",
        },
        {
            Question.SAFE: (
                "Safety culture",
                "Managing risks during care and treatment",
                "Safe systems, pathways and transitions",
                "Safeguarding",
                "Safe environments and infection prevention and control",
                "Safe staffing",
                "Safe medicines and treatments",
            ),
            Question.EFFECTIVE: (
                "Assessing needs",
                "Evidence-based care and equitable outcomes",
                "Supporting people to live healthier lives",
                "Consent to care and treatment",
            ),
            Question.CARING: (
                "Kindness, compassion and dignity",
                "Person-centred care",
                "Independence, choice and control",
            ),
            Question.RESPONSIVE: (
                "Care provision, integration and continuity",
                "Listening to and responding to feedback",
                "Timely and equitable access",
                "Equity in experiences",
            ),
            Question.WELL_LED: (
                "Strategic direction",
                "Workforce equity and culture",
                "Capable and compassionate leaders",
                "Governance and management",
                "Partnerships and communities",
                "Improvement, innovation and learning",
            ),
        },
    ),
)
