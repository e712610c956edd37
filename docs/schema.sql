-- Made from the code by `make docs`.

CREATE TABLE activity (
    activity_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    subject_id INTEGER,
    at INTEGER NOT NULL,
    local_on TEXT NOT NULL,
    week_on TEXT NOT NULL,
    visibility TEXT DEFAULT 'me' NOT NULL,
    CONSTRAINT pk_activity PRIMARY KEY (activity_id),
    CONSTRAINT ck_activity_visibility_word CHECK (visibility IN ('me', 'mentor', 'cohort')),
    CONSTRAINT fk_activity_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_activity_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_activity_cohort_id_word_week_on ON activity (cohort_id, word, week_on);

CREATE INDEX ix_activity_member_id_word_at ON activity (member_id, word, at);

CREATE TABLE application (
    application_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    import_id INTEGER,
    company TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    status TEXT NOT NULL,
    moved_on TEXT NOT NULL,
    deadline_on TEXT,
    interview_on TEXT,
    interview_wall TEXT,
    opening TEXT,
    hint_at INTEGER,
    made_at INTEGER NOT NULL,
    CONSTRAINT pk_application PRIMARY KEY (application_id),
    CONSTRAINT uq_application_member_id_opening UNIQUE (member_id, opening),
    CONSTRAINT ck_application_status_word CHECK (status IN ('saved', 'applied', 'assessment', 'interview', 'offer', 'accepted', 'declined', 'rejected', 'withdrawn', 'no_reply')),
    CONSTRAINT fk_application_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_application_import_id FOREIGN KEY(import_id) REFERENCES application_import (import_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_application_hint_at ON application (hint_at);

CREATE INDEX ix_application_import_id ON application (import_id);

CREATE INDEX ix_application_member_id_status_moved_on ON application (member_id, status, moved_on);

CREATE TABLE application_choice (
    member_id INTEGER NOT NULL,
    suggests INTEGER NOT NULL,
    CONSTRAINT pk_application_choice PRIMARY KEY (member_id),
    CONSTRAINT fk_application_choice_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE application_hint (
    application_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    since_on TEXT NOT NULL,
    told_at INTEGER,
    answer TEXT,
    answered_on TEXT,
    CONSTRAINT pk_application_hint PRIMARY KEY (application_id, kind, since_on),
    CONSTRAINT ck_application_hint_kind_word CHECK (kind IN ('follow_up', 'thank_you', 'no_reply')),
    CONSTRAINT ck_application_hint_answer_word CHECK (answer IN ('done', 'dismissed')),
    CONSTRAINT fk_application_hint_application_id FOREIGN KEY(application_id) REFERENCES application (application_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE application_import (
    import_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    rows TEXT NOT NULL,
    state TEXT DEFAULT 'read' NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_application_import PRIMARY KEY (import_id),
    CONSTRAINT ck_application_import_state_word CHECK (state IN ('read', 'taken', 'undone')),
    CONSTRAINT fk_application_import_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_application_import_at ON application_import (at);

CREATE INDEX ix_application_import_member_id ON application_import (member_id);

CREATE TABLE application_move (
    move_id INTEGER NOT NULL,
    application_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    moved_on TEXT NOT NULL,
    CONSTRAINT pk_application_move PRIMARY KEY (move_id),
    CONSTRAINT ck_application_move_status_word CHECK (status IN ('saved', 'applied', 'assessment', 'interview', 'offer', 'accepted', 'declined', 'rejected', 'withdrawn', 'no_reply')),
    CONSTRAINT fk_application_move_application_id FOREIGN KEY(application_id) REFERENCES application (application_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_application_move_application_id ON application_move (application_id);

CREATE TABLE application_note (
    note_id INTEGER NOT NULL,
    application_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_application_note PRIMARY KEY (note_id),
    CONSTRAINT fk_application_note_application_id FOREIGN KEY(application_id) REFERENCES application (application_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_application_note_application_id ON application_note (application_id);

CREATE TABLE audit (
    audit_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    user_id INTEGER,
    action TEXT NOT NULL,
    detail TEXT DEFAULT '' NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY (audit_id),
    CONSTRAINT fk_audit_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_audit_cohort_id_at ON audit (cohort_id, at);

CREATE TABLE blockage (
    cohort_id INTEGER NOT NULL,
    order_key TEXT NOT NULL,
    probe_at INTEGER NOT NULL,
    CONSTRAINT pk_blockage PRIMARY KEY (cohort_id, order_key),
    CONSTRAINT fk_blockage_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE challenge (
    challenge_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    week_on TEXT NOT NULL,
    name TEXT NOT NULL,
    turn INTEGER DEFAULT '0' NOT NULL,
    what TEXT NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    goal INTEGER DEFAULT '0' NOT NULL,
    remind_at INTEGER,
    told_at INTEGER,
    pressed_at INTEGER,
    done_at INTEGER,
    shared_at INTEGER,
    CONSTRAINT pk_challenge PRIMARY KEY (challenge_id),
    CONSTRAINT uq_challenge_member_id_week_on UNIQUE (member_id, week_on),
    CONSTRAINT ck_challenge_state_word CHECK (state IN ('open', 'done', 'skipped')),
    CONSTRAINT fk_challenge_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE challenge_setting (
    member_id INTEGER NOT NULL,
    stopped INTEGER DEFAULT '0' NOT NULL,
    next_at INTEGER,
    zone TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_challenge_setting PRIMARY KEY (member_id),
    CONSTRAINT fk_challenge_setting_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_challenge_setting_next_at ON challenge_setting (next_at);

CREATE TABLE checkin (
    checkin_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    progress TEXT NOT NULL,
    win TEXT NOT NULL,
    blocker TEXT NOT NULL,
    focus TEXT NOT NULL,
    confidence INTEGER,
    late INTEGER DEFAULT '0' NOT NULL,
    source TEXT NOT NULL,
    visibility TEXT DEFAULT 'me' NOT NULL,
    answered_at INTEGER NOT NULL,
    edited_at INTEGER,
    CONSTRAINT pk_checkin PRIMARY KEY (checkin_id),
    CONSTRAINT uq_checkin_member_id_period UNIQUE (member_id, period),
    CONSTRAINT ck_checkin_source_word CHECK (source IN ('form', 'short', 'message')),
    CONSTRAINT ck_checkin_visibility_word CHECK (visibility IN ('me', 'mentor', 'cohort')),
    CONSTRAINT fk_checkin_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE checkin_blocker (
    blocker_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    checkin_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    anonymous INTEGER NOT NULL,
    raised_at INTEGER NOT NULL,
    CONSTRAINT pk_checkin_blocker PRIMARY KEY (blocker_id),
    CONSTRAINT uq_checkin_blocker_checkin_id UNIQUE (checkin_id),
    CONSTRAINT fk_checkin_blocker_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_checkin_blocker_checkin_id FOREIGN KEY(checkin_id) REFERENCES checkin (checkin_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_checkin_blocker_member_id ON checkin_blocker (member_id);

CREATE TABLE checkin_help (
    help_id INTEGER NOT NULL,
    blocker_id INTEGER NOT NULL,
    user_id INTEGER,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    read_at INTEGER,
    CONSTRAINT pk_checkin_help PRIMARY KEY (help_id),
    CONSTRAINT fk_checkin_help_blocker_id FOREIGN KEY(blocker_id) REFERENCES checkin_blocker (blocker_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_checkin_help_blocker_id ON checkin_help (blocker_id);

CREATE INDEX ix_checkin_help_user_id ON checkin_help (user_id);

CREATE TABLE checkin_round (
    round_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    schedule_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    mentioned INTEGER DEFAULT '0' NOT NULL,
    opened_at INTEGER NOT NULL,
    CONSTRAINT pk_checkin_round PRIMARY KEY (round_id),
    CONSTRAINT uq_checkin_round_schedule_id_period UNIQUE (schedule_id, period),
    CONSTRAINT fk_checkin_round_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_checkin_round_schedule_id FOREIGN KEY(schedule_id) REFERENCES schedule (schedule_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_checkin_round_cohort_id_period ON checkin_round (cohort_id, period);

CREATE TABLE cohort (
    cohort_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    zone TEXT DEFAULT 'UTC' NOT NULL,
    first_day TEXT,
    last_day TEXT,
    announcements_id INTEGER,
    checkins_id INTEGER,
    introductions_id INTEGER,
    opportunities_id INTEGER,
    mentors_id INTEGER,
    staff_id INTEGER,
    moderator_role_id INTEGER,
    mentor_role_id INTEGER,
    intern_role_id INTEGER,
    contacts TEXT DEFAULT '[]' NOT NULL,
    state TEXT DEFAULT 'draft' NOT NULL,
    blocked_reason TEXT,
    wizard_step TEXT,
    open_hours INTEGER DEFAULT '72' NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT pk_cohort PRIMARY KEY (cohort_id),
    CONSTRAINT uq_cohort_guild_id_name UNIQUE (guild_id, name),
    CONSTRAINT ck_cohort_state_word CHECK (state IN ('draft', 'live', 'paused', 'blocked', 'closed'))
)
 STRICT;

CREATE TABLE cohort_change (
    change_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    "values" TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    CONSTRAINT pk_cohort_change PRIMARY KEY (change_id),
    CONSTRAINT fk_cohort_change_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_cohort_change_cohort_id_kind ON cohort_change (cohort_id, kind);

CREATE INDEX ix_cohort_change_made_at ON cohort_change (made_at);

CREATE TABLE cohort_invite (
    invite_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    dedupe TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_cohort_invite PRIMARY KEY (invite_id),
    CONSTRAINT fk_cohort_invite_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_cohort_invite_cohort_id ON cohort_invite (cohort_id);

CREATE TABLE cohort_skip (
    cohort_id INTEGER NOT NULL,
    "on" TEXT NOT NULL,
    CONSTRAINT pk_cohort_skip PRIMARY KEY (cohort_id, "on"),
    CONSTRAINT fk_cohort_skip_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE competency_answer (
    answer_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    competency TEXT NOT NULL,
    moment TEXT NOT NULL,
    answer TEXT NOT NULL,
    words TEXT NOT NULL,
    goal_id INTEGER,
    at INTEGER NOT NULL,
    CONSTRAINT pk_competency_answer PRIMARY KEY (answer_id),
    CONSTRAINT uq_competency_answer_member_id_competency_moment UNIQUE (member_id, competency, moment),
    CONSTRAINT ck_competency_answer_moment_word CHECK (moment IN ('start', 'middle', 'end')),
    CONSTRAINT fk_competency_answer_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE contact_stop (
    stop_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    other_id INTEGER,
    other_mark TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_contact_stop PRIMARY KEY (stop_id),
    CONSTRAINT uq_contact_stop_user_id_other_mark UNIQUE (user_id, other_mark)
)
 STRICT;

CREATE INDEX ix_contact_stop_other_id ON contact_stop (other_id);

CREATE INDEX ix_contact_stop_other_mark ON contact_stop (other_mark);

CREATE TABLE digest (
    digest_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    week_on TEXT NOT NULL,
    period TEXT NOT NULL,
    due_at INTEGER,
    state TEXT NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    hold INTEGER NOT NULL,
    sections TEXT NOT NULL,
    note TEXT NOT NULL,
    pages TEXT,
    version INTEGER DEFAULT '0' NOT NULL,
    tries INTEGER DEFAULT '0' NOT NULL,
    going_at INTEGER,
    composed_at INTEGER,
    sent_at INTEGER,
    channel_id INTEGER,
    message_id INTEGER,
    CONSTRAINT pk_digest PRIMARY KEY (digest_id),
    CONSTRAINT uq_digest_cohort_id_week_on UNIQUE (cohort_id, week_on),
    CONSTRAINT ck_digest_state_word CHECK (state IN ('planned', 'ahead', 'held', 'going', 'sent', 'skipped', 'failed')),
    CONSTRAINT fk_digest_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_digest_state ON digest (state);

CREATE TABLE digest_setting (
    cohort_id INTEGER NOT NULL,
    hold INTEGER DEFAULT '0' NOT NULL,
    sections TEXT NOT NULL,
    CONSTRAINT pk_digest_setting PRIMARY KEY (cohort_id),
    CONSTRAINT fk_digest_setting_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE digest_weekly (
    member_id INTEGER NOT NULL,
    weekday INTEGER NOT NULL,
    at TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    CONSTRAINT pk_digest_weekly PRIMARY KEY (member_id),
    CONSTRAINT fk_digest_weekly_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_digest_weekly_next_at ON digest_weekly (next_at);

CREATE TABLE draft (
    draft_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    form TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    answers TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (draft_id)
)
 STRICT;

CREATE INDEX ix_draft_at ON draft (at);

CREATE INDEX ix_draft_user_id ON draft (user_id);

CREATE TABLE ending (
    ending_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    was TEXT NOT NULL,
    keep_days INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    delete_on TEXT NOT NULL,
    erased INTEGER DEFAULT '0' NOT NULL,
    reopened_at INTEGER,
    finished_at INTEGER,
    CONSTRAINT pk_ending PRIMARY KEY (ending_id),
    CONSTRAINT ck_ending_was_word CHECK (was IN ('draft', 'live', 'paused', 'blocked', 'closed')),
    CONSTRAINT fk_ending_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_ending_cohort_id ON ending (cohort_id);

CREATE UNIQUE INDEX uq_ending_open ON ending (cohort_id) WHERE reopened_at IS NULL;

CREATE TABLE ending_call (
    call_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    ending_id INTEGER,
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    letter_id INTEGER,
    began_at INTEGER NOT NULL,
    posted_at INTEGER,
    next_at INTEGER,
    done_at INTEGER,
    CONSTRAINT pk_ending_call PRIMARY KEY (call_id),
    CONSTRAINT uq_ending_call_cohort_id_kind_key UNIQUE (cohort_id, kind, "key"),
    CONSTRAINT ck_ending_call_kind_word CHECK (kind IN ('before', 'closed', 'first', 'last', 'reopened')),
    CONSTRAINT fk_ending_call_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_ending_call_ending_id FOREIGN KEY(ending_id) REFERENCES ending (ending_id) ON DELETE CASCADE,
    CONSTRAINT fk_ending_call_letter_id FOREIGN KEY(letter_id) REFERENCES letter (letter_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_ending_call_ending_id ON ending_call (ending_id);

CREATE INDEX ix_ending_call_letter_id ON ending_call (letter_id);

CREATE INDEX ix_ending_call_next_at ON ending_call (next_at);

CREATE TABLE ending_choice (
    member_id INTEGER NOT NULL,
    alum INTEGER DEFAULT '0' NOT NULL,
    may_mentor INTEGER DEFAULT '0' NOT NULL,
    no_letters INTEGER DEFAULT '0' NOT NULL,
    stage_before TEXT,
    chosen_at INTEGER NOT NULL,
    CONSTRAINT pk_ending_choice PRIMARY KEY (member_id),
    CONSTRAINT ck_ending_choice_stage_before_word CHECK (stage_before IN ('looking', 'starting', 'interning', 'finished')),
    CONSTRAINT fk_ending_choice_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE ending_cut (
    cohort_id INTEGER NOT NULL,
    cut TEXT NOT NULL,
    since_on TEXT NOT NULL,
    until_on TEXT NOT NULL,
    frozen_at INTEGER NOT NULL,
    CONSTRAINT pk_ending_cut PRIMARY KEY (cohort_id, cut),
    CONSTRAINT fk_ending_cut_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE ending_fact (
    cohort_id INTEGER NOT NULL,
    cut TEXT NOT NULL,
    figure TEXT NOT NULL,
    label TEXT NOT NULL,
    "order" INTEGER NOT NULL,
    people INTEGER,
    times INTEGER,
    most INTEGER NOT NULL,
    CONSTRAINT pk_ending_fact PRIMARY KEY (cohort_id, cut, figure),
    CONSTRAINT fk_ending_fact_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE ending_notice (
    call_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    letter_id INTEGER,
    promised_on TEXT,
    told_at INTEGER,
    CONSTRAINT pk_ending_notice PRIMARY KEY (call_id, member_id),
    CONSTRAINT fk_ending_notice_call_id FOREIGN KEY(call_id) REFERENCES ending_call (call_id) ON DELETE CASCADE,
    CONSTRAINT fk_ending_notice_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_ending_notice_letter_id FOREIGN KEY(letter_id) REFERENCES letter (letter_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_ending_notice_letter_id ON ending_notice (letter_id);

CREATE INDEX ix_ending_notice_member_id ON ending_notice (member_id);

CREATE INDEX ix_ending_notice_told_at ON ending_notice (told_at);

CREATE TABLE enrolment (
    member_id INTEGER NOT NULL,
    tap TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    CONSTRAINT pk_enrolment PRIMARY KEY (member_id),
    CONSTRAINT ck_enrolment_tap_word CHECK (tap IN ('zone', 'reach', 'dates')),
    CONSTRAINT fk_enrolment_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_enrolment_begun_at ON enrolment (begun_at);

CREATE TABLE feed (
    feed_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    format TEXT DEFAULT '' NOT NULL,
    goes TEXT DEFAULT 'queue' NOT NULL,
    filters TEXT DEFAULT '{}' NOT NULL,
    state TEXT DEFAULT 'active' NOT NULL,
    etag TEXT,
    last_modified TEXT,
    failures INTEGER DEFAULT '0' NOT NULL,
    next_at INTEGER NOT NULL,
    checked_at INTEGER,
    changed_at INTEGER,
    report TEXT DEFAULT '{}' NOT NULL,
    trouble TEXT DEFAULT '' NOT NULL,
    added_by INTEGER,
    made_at INTEGER NOT NULL,
    CONSTRAINT pk_feed PRIMARY KEY (feed_id),
    CONSTRAINT uq_feed_guild_id_url UNIQUE (guild_id, url),
    CONSTRAINT fk_feed_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_feed_cohort_id ON feed (cohort_id);

CREATE INDEX ix_feed_state_next_at ON feed (state, next_at);

CREATE TABLE feedback (
    feedback_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    giver_id INTEGER,
    receiver_id INTEGER,
    source TEXT NOT NULL,
    role TEXT,
    aspect TEXT NOT NULL,
    visibility TEXT DEFAULT 'me' NOT NULL,
    occasion TEXT NOT NULL,
    happened TEXT NOT NULL,
    saw TEXT NOT NULL,
    changed TEXT NOT NULL,
    keep TEXT NOT NULL,
    focus TEXT NOT NULL,
    at INTEGER NOT NULL,
    read_at INTEGER,
    CONSTRAINT pk_feedback PRIMARY KEY (feedback_id),
    CONSTRAINT ck_feedback_source_word CHECK (source IN ('asked', 'given', 'logged')),
    CONSTRAINT ck_feedback_role_word CHECK (role IN ('manager', 'mentor', 'teammate', 'other')),
    CONSTRAINT ck_feedback_aspect_word CHECK (aspect IN ('deliverable', 'conduct', 'teamwork')),
    CONSTRAINT ck_feedback_visibility_word CHECK (visibility IN ('me', 'mentor', 'cohort')),
    CONSTRAINT fk_feedback_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_feedback_giver_id FOREIGN KEY(giver_id) REFERENCES member (member_id) ON DELETE SET NULL,
    CONSTRAINT fk_feedback_receiver_id FOREIGN KEY(receiver_id) REFERENCES member (member_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_feedback_cohort_id ON feedback (cohort_id);

CREATE INDEX ix_feedback_giver_id_at ON feedback (giver_id, at);

CREATE INDEX ix_feedback_receiver_id_at ON feedback (receiver_id, at);

CREATE TABLE feedback_ask (
    ask_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    asker_id INTEGER NOT NULL,
    asked_id INTEGER NOT NULL,
    aspect TEXT NOT NULL,
    occasion TEXT NOT NULL,
    question TEXT NOT NULL,
    thing TEXT NOT NULL,
    visibility TEXT DEFAULT 'me' NOT NULL,
    state TEXT DEFAULT 'drafted' NOT NULL,
    seed INTEGER DEFAULT '0' NOT NULL,
    made_at INTEGER NOT NULL,
    sent_at INTEGER,
    remind_at INTEGER,
    reminded_at INTEGER,
    expires_at INTEGER,
    ended_at INTEGER,
    CONSTRAINT pk_feedback_ask PRIMARY KEY (ask_id),
    CONSTRAINT ck_feedback_ask_aspect_word CHECK (aspect IN ('deliverable', 'conduct', 'teamwork')),
    CONSTRAINT ck_feedback_ask_visibility_word CHECK (visibility IN ('me', 'mentor', 'cohort')),
    CONSTRAINT ck_feedback_ask_state_word CHECK (state IN ('drafted', 'open', 'answered', 'declined', 'expired', 'withdrawn')),
    CONSTRAINT fk_feedback_ask_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_feedback_ask_asker_id FOREIGN KEY(asker_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_feedback_ask_asked_id FOREIGN KEY(asked_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_feedback_ask_asked_id_state ON feedback_ask (asked_id, state);

CREATE INDEX ix_feedback_ask_asker_id_state ON feedback_ask (asker_id, state);

CREATE INDEX ix_feedback_ask_cohort_id ON feedback_ask (cohort_id);

CREATE INDEX ix_feedback_ask_state_expires_at ON feedback_ask (state, expires_at);

CREATE INDEX ix_feedback_ask_state_remind_at ON feedback_ask (state, remind_at);

CREATE TABLE feedback_outside (
    outside_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    aspect TEXT NOT NULL,
    occasion TEXT NOT NULL,
    question TEXT NOT NULL,
    smaller TEXT NOT NULL,
    rung TEXT DEFAULT 'first' NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    asked_at INTEGER NOT NULL,
    next_at INTEGER,
    CONSTRAINT pk_feedback_outside PRIMARY KEY (outside_id),
    CONSTRAINT ck_feedback_outside_role_word CHECK (role IN ('manager', 'mentor', 'teammate', 'other')),
    CONSTRAINT ck_feedback_outside_aspect_word CHECK (aspect IN ('deliverable', 'conduct', 'teamwork')),
    CONSTRAINT ck_feedback_outside_rung_word CHECK (rung IN ('first', 'smaller', 'teammate', 'self_review', 'evaluation')),
    CONSTRAINT ck_feedback_outside_state_word CHECK (state IN ('open', 'answered', 'refused', 'left')),
    CONSTRAINT fk_feedback_outside_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_feedback_outside_member_id_state ON feedback_outside (member_id, state);

CREATE INDEX ix_feedback_outside_state_next_at ON feedback_outside (state, next_at);

CREATE TABLE feedback_prompt (
    member_id INTEGER NOT NULL,
    stage TEXT NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    zone TEXT NOT NULL,
    next TEXT,
    next_at INTEGER,
    shown TEXT,
    shown_until INTEGER,
    muted INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_feedback_prompt PRIMARY KEY (member_id),
    CONSTRAINT ck_feedback_prompt_stage_word CHECK (stage IN ('looking', 'starting', 'interning', 'finished')),
    CONSTRAINT ck_feedback_prompt_next_word CHECK (next IN ('before', 'land', 'plan', 'midpoint', 'reach', 'substantial_feedback', 'peer_feedback', 'transition_meeting', 'handover_document', 'last_week', 'looking')),
    CONSTRAINT ck_feedback_prompt_shown_word CHECK (shown IN ('before', 'land', 'plan', 'midpoint', 'reach', 'substantial_feedback', 'peer_feedback', 'transition_meeting', 'handover_document', 'last_week', 'looking')),
    CONSTRAINT fk_feedback_prompt_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_feedback_prompt_next_at ON feedback_prompt (next_at);

CREATE TABLE goal (
    goal_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    measure TEXT NOT NULL,
    first_step TEXT NOT NULL,
    target_on TEXT,
    area TEXT NOT NULL,
    visibility TEXT DEFAULT 'me' NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    lesson TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ended_at INTEGER,
    CONSTRAINT pk_goal PRIMARY KEY (goal_id),
    CONSTRAINT ck_goal_area_word CHECK (area IN ('technical', 'business', 'connection', 'direction', 'studies', 'portfolio')),
    CONSTRAINT ck_goal_visibility_word CHECK (visibility IN ('me', 'mentor', 'cohort')),
    CONSTRAINT ck_goal_state_word CHECK (state IN ('open', 'done', 'dropped')),
    CONSTRAINT fk_goal_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_goal_member_id_state ON goal (member_id, state);

CREATE TABLE goal_note (
    note_id INTEGER NOT NULL,
    goal_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_goal_note PRIMARY KEY (note_id),
    CONSTRAINT fk_goal_note_goal_id FOREIGN KEY(goal_id) REFERENCES goal (goal_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_goal_note_goal_id_at ON goal_note (goal_id, at);

CREATE TABLE heartbeat (
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_heartbeat PRIMARY KEY (name)
)
 STRICT;

CREATE TABLE installation (
    installation_id INTEGER NOT NULL,
    instance TEXT NOT NULL,
    CONSTRAINT pk_installation PRIMARY KEY (installation_id)
)
 STRICT;

CREATE TABLE interaction_seen (
    interaction_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_interaction_seen PRIMARY KEY (interaction_id)
)
 STRICT;

CREATE INDEX ix_interaction_seen_at ON interaction_seen (at);

CREATE TABLE introduction_apart (
    round_id INTEGER NOT NULL,
    one_id INTEGER NOT NULL,
    apart_id INTEGER NOT NULL,
    CONSTRAINT pk_introduction_apart PRIMARY KEY (round_id, one_id, apart_id),
    CONSTRAINT fk_introduction_apart_round_id FOREIGN KEY(round_id) REFERENCES introduction_round (round_id) ON DELETE CASCADE,
    CONSTRAINT fk_introduction_apart_one_id FOREIGN KEY(one_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_introduction_apart_apart_id FOREIGN KEY(apart_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_introduction_apart_apart_id ON introduction_apart (apart_id);

CREATE INDEX ix_introduction_apart_one_id ON introduction_apart (one_id);

CREATE TABLE introduction_avoid (
    avoid_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    other_id INTEGER,
    other_mark TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_introduction_avoid PRIMARY KEY (avoid_id),
    CONSTRAINT uq_introduction_avoid_user_id_other_mark UNIQUE (user_id, other_mark),
    CONSTRAINT fk_introduction_avoid_user_id FOREIGN KEY(user_id) REFERENCES user (user_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_introduction_avoid_other_id ON introduction_avoid (other_id);

CREATE INDEX ix_introduction_avoid_other_mark ON introduction_avoid (other_mark);

CREATE TABLE introduction_entry (
    round_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    entry TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_introduction_entry PRIMARY KEY (round_id, member_id, entry),
    CONSTRAINT ck_introduction_entry_entry_word CHECK (entry IN ('skipped', 'left_out', 'unmatched', 'waiting')),
    CONSTRAINT fk_introduction_entry_round_id FOREIGN KEY(round_id) REFERENCES introduction_round (round_id) ON DELETE CASCADE,
    CONSTRAINT fk_introduction_entry_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_introduction_entry_member_id ON introduction_entry (member_id);

CREATE TABLE introduction_group (
    group_id INTEGER NOT NULL,
    round_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    again INTEGER NOT NULL,
    first_id INTEGER,
    thread_id INTEGER,
    seen_id INTEGER DEFAULT '0' NOT NULL,
    opened_at INTEGER,
    step TEXT,
    next_at INTEGER,
    "end" TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_introduction_group PRIMARY KEY (group_id),
    CONSTRAINT ck_introduction_group_state_word CHECK (state IN ('planned', 'opening', 'open', 'ended')),
    CONSTRAINT ck_introduction_group_step_word CHECK (step IN ('nudge', 'quiet', 'middle', 'last', 'close')),
    CONSTRAINT ck_introduction_group_end_word CHECK (end IN ('', 'over', 'quiet', 'apart', 'unsent')),
    CONSTRAINT fk_introduction_group_round_id FOREIGN KEY(round_id) REFERENCES introduction_round (round_id) ON DELETE CASCADE,
    CONSTRAINT fk_introduction_group_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_introduction_group_first_id FOREIGN KEY(first_id) REFERENCES member (member_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_introduction_group_cohort_id ON introduction_group (cohort_id);

CREATE INDEX ix_introduction_group_first_id ON introduction_group (first_id);

CREATE INDEX ix_introduction_group_next_at ON introduction_group (next_at) WHERE state = 'open';

CREATE INDEX ix_introduction_group_round_id_state ON introduction_group (round_id, state);

CREATE TABLE introduction_member (
    member_id INTEGER NOT NULL,
    part TEXT NOT NULL,
    paused_until TEXT,
    misses INTEGER DEFAULT '0' NOT NULL,
    trios INTEGER DEFAULT '0' NOT NULL,
    trio_round INTEGER DEFAULT '0' NOT NULL,
    left_out INTEGER DEFAULT '0' NOT NULL,
    joined_at INTEGER NOT NULL,
    CONSTRAINT pk_introduction_member PRIMARY KEY (member_id),
    CONSTRAINT ck_introduction_member_part_word CHECK (part IN ('in', 'paused', 'out')),
    CONSTRAINT fk_introduction_member_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE introduction_round (
    round_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL,
    seed INTEGER NOT NULL,
    size INTEGER NOT NULL,
    hold INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    pool_at INTEGER,
    drawn_at INTEGER,
    approved_at INTEGER,
    opened_at INTEGER,
    retry_at INTEGER,
    CONSTRAINT pk_introduction_round PRIMARY KEY (round_id),
    CONSTRAINT uq_introduction_round_cohort_id_number UNIQUE (cohort_id, number),
    CONSTRAINT ck_introduction_round_state_word CHECK (state IN ('noticed', 'drawn', 'held', 'due', 'open', 'closed', 'cancelled')),
    CONSTRAINT fk_introduction_round_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_introduction_round_cohort_id_period ON introduction_round (cohort_id, period);

CREATE INDEX ix_introduction_round_state_starts_at ON introduction_round (state, starts_at);

CREATE TABLE introduction_seat (
    group_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    reach TEXT DEFAULT 'waiting' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    heard_at INTEGER,
    said TEXT DEFAULT '' NOT NULL,
    gone_at INTEGER,
    missed INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_introduction_seat PRIMARY KEY (group_id, member_id),
    CONSTRAINT ck_introduction_seat_reach_word CHECK (reach IN ('waiting', 'thread', 'message', 'nobody')),
    CONSTRAINT ck_introduction_seat_said_word CHECK (said IN ('', 'yes', 'not_yet', 'no')),
    CONSTRAINT fk_introduction_seat_group_id FOREIGN KEY(group_id) REFERENCES introduction_group (group_id) ON DELETE CASCADE,
    CONSTRAINT fk_introduction_seat_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_introduction_seat_member_id ON introduction_seat (member_id);

CREATE TABLE introduction_setting (
    cohort_id INTEGER NOT NULL,
    size INTEGER DEFAULT '2' NOT NULL,
    hold INTEGER DEFAULT '0' NOT NULL,
    weights TEXT DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_introduction_setting PRIMARY KEY (cohort_id),
    CONSTRAINT fk_introduction_setting_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE journal_answer (
    answer_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    question TEXT NOT NULL,
    moment TEXT NOT NULL,
    asked TEXT NOT NULL,
    text TEXT NOT NULL,
    "on" TEXT NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT pk_journal_answer PRIMARY KEY (answer_id),
    CONSTRAINT uq_journal_answer_member_id_question_on UNIQUE (member_id, question, "on"),
    CONSTRAINT ck_journal_answer_moment_word CHECK (moment IN ('before', 'during', 'after', 'week', 'month')),
    CONSTRAINT fk_journal_answer_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_journal_answer_deleted_at ON journal_answer (deleted_at);

CREATE INDEX ix_journal_answer_member_id_on ON journal_answer (member_id, "on");

CREATE TABLE journal_entry (
    entry_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    "on" TEXT NOT NULL,
    week_on TEXT NOT NULL,
    source TEXT,
    author_id INTEGER,
    author TEXT DEFAULT '' NOT NULL,
    made_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT pk_journal_entry PRIMARY KEY (entry_id),
    CONSTRAINT uq_journal_entry_member_id_source UNIQUE (member_id, source),
    CONSTRAINT ck_journal_entry_kind_word CHECK (kind IN ('work', 'coursework', 'project', 'culture')),
    CONSTRAINT fk_journal_entry_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_journal_entry_author_id ON journal_entry (author_id);

CREATE INDEX ix_journal_entry_deleted_at ON journal_entry (deleted_at);

CREATE INDEX ix_journal_entry_member_id_entry_id ON journal_entry (member_id, entry_id);

CREATE INDEX ix_journal_entry_member_id_on ON journal_entry (member_id, "on");

CREATE TABLE journal_entry_topic (
    entry_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL,
    CONSTRAINT pk_journal_entry_topic PRIMARY KEY (entry_id, topic_id),
    CONSTRAINT fk_journal_entry_topic_entry_id FOREIGN KEY(entry_id) REFERENCES journal_entry (entry_id) ON DELETE CASCADE,
    CONSTRAINT fk_journal_entry_topic_topic_id FOREIGN KEY(topic_id) REFERENCES journal_topic (topic_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_journal_entry_topic_topic_id ON journal_entry_topic (topic_id);

CREATE TABLE journal_look (
    look_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    words TEXT NOT NULL,
    hits TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_journal_look PRIMARY KEY (look_id),
    CONSTRAINT fk_journal_look_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_journal_look_at ON journal_look (at);

CREATE INDEX ix_journal_look_member_id ON journal_look (member_id);

CREATE TABLE journal_person (
    person_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    words TEXT NOT NULL,
    met_on TEXT NOT NULL,
    touch_on TEXT,
    apart INTEGER DEFAULT '0' NOT NULL,
    writes INTEGER DEFAULT '0' NOT NULL,
    note_at INTEGER,
    made_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT pk_journal_person PRIMARY KEY (person_id),
    CONSTRAINT fk_journal_person_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_journal_person_deleted_at ON journal_person (deleted_at);

CREATE INDEX ix_journal_person_member_id_touch_on ON journal_person (member_id, touch_on);

CREATE INDEX ix_journal_person_note_at ON journal_person (note_at);

CREATE TABLE journal_topic (
    topic_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    sort TEXT NOT NULL,
    name TEXT NOT NULL,
    mark TEXT NOT NULL,
    CONSTRAINT pk_journal_topic PRIMARY KEY (topic_id),
    CONSTRAINT uq_journal_topic_member_id_mark UNIQUE (member_id, mark),
    CONSTRAINT ck_journal_topic_sort_word CHECK (sort IN ('skill', 'project')),
    CONSTRAINT fk_journal_topic_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE kudos (
    kudos_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    giver_id INTEGER,
    receiver_id INTEGER,
    text TEXT NOT NULL,
    state TEXT DEFAULT 'sent' NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_kudos PRIMARY KEY (kudos_id),
    CONSTRAINT ck_kudos_state_word CHECK (state IN ('sent', 'kept', 'shared')),
    CONSTRAINT fk_kudos_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_kudos_giver_id FOREIGN KEY(giver_id) REFERENCES member (member_id) ON DELETE SET NULL,
    CONSTRAINT fk_kudos_receiver_id FOREIGN KEY(receiver_id) REFERENCES member (member_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_kudos_cohort_id ON kudos (cohort_id);

CREATE INDEX ix_kudos_giver_id ON kudos (giver_id);

CREATE INDEX ix_kudos_receiver_id_state ON kudos (receiver_id, state);

CREATE TABLE letter (
    letter_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    dedupe TEXT NOT NULL,
    cohort_id INTEGER,
    member_id INTEGER,
    user_id INTEGER,
    action TEXT DEFAULT 'send' NOT NULL,
    place TEXT NOT NULL,
    place_id INTEGER NOT NULL,
    order_key TEXT NOT NULL,
    depends_on INTEGER,
    subject TEXT NOT NULL,
    payload TEXT,
    nonce TEXT NOT NULL,
    priority INTEGER DEFAULT '5' NOT NULL,
    any_hour INTEGER DEFAULT '0' NOT NULL,
    due_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    expires_at INTEGER,
    state TEXT DEFAULT 'pending' NOT NULL,
    owner TEXT,
    lease_until INTEGER,
    attempts INTEGER DEFAULT '0' NOT NULL,
    first_attempt_at INTEGER,
    ambiguous_at INTEGER,
    ended_at INTEGER,
    channel_id INTEGER,
    message_id INTEGER,
    last_status INTEGER,
    last_code INTEGER,
    last_error TEXT DEFAULT '' NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT pk_letter PRIMARY KEY (letter_id),
    CONSTRAINT ck_letter_nonce_short CHECK (length(nonce) <= 25),
    CONSTRAINT ck_letter_action_word CHECK (action IN ('send', 'thread', 'edit', 'post')),
    CONSTRAINT ck_letter_place_word CHECK (place IN ('user', 'channel', 'thread')),
    CONSTRAINT ck_letter_state_word CHECK (state IN ('pending', 'sending', 'held', 'sent', 'dead', 'expired', 'cancelled')),
    CONSTRAINT uq_letter_dedupe UNIQUE (dedupe),
    CONSTRAINT fk_letter_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_letter_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_letter_user_id FOREIGN KEY(user_id) REFERENCES user (user_id) ON DELETE CASCADE,
    CONSTRAINT fk_letter_depends_on FOREIGN KEY(depends_on) REFERENCES letter (letter_id) ON DELETE SET NULL,
    CONSTRAINT uq_letter_nonce UNIQUE (nonce)
)
 STRICT;

CREATE INDEX ix_letter_cohort_id_state_ended_at ON letter (cohort_id, state, ended_at);

CREATE INDEX ix_letter_depends_on ON letter (depends_on);

CREATE INDEX ix_letter_member_id ON letter (member_id);

CREATE INDEX ix_letter_open_due_at ON letter (due_at) WHERE state IN ('pending', 'sending');

CREATE INDEX ix_letter_open_order_key ON letter (order_key, state, letter_id) WHERE state IN ('pending', 'sending');

CREATE INDEX ix_letter_state_created_at ON letter (state, created_at);

CREATE INDEX ix_letter_user_id ON letter (user_id);

CREATE TABLE member (
    member_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    state TEXT DEFAULT 'joining' NOT NULL,
    delivery TEXT DEFAULT 'card' NOT NULL,
    volume TEXT DEFAULT 'standard' NOT NULL,
    stage TEXT DEFAULT 'interning' NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    checkins INTEGER DEFAULT '1' NOT NULL,
    side_thread INTEGER DEFAULT '0' NOT NULL,
    side_thread_id INTEGER,
    paused_until TEXT,
    joined_at INTEGER,
    left_at INTEGER,
    CONSTRAINT pk_member PRIMARY KEY (member_id),
    CONSTRAINT uq_member_cohort_id_user_id UNIQUE (cohort_id, user_id),
    CONSTRAINT ck_member_state_word CHECK (state IN ('joining', 'joined', 'paused', 'left')),
    CONSTRAINT ck_member_delivery_word CHECK (delivery IN ('dm', 'thread', 'card')),
    CONSTRAINT ck_member_volume_word CHECK (volume IN ('light', 'standard', 'everything')),
    CONSTRAINT ck_member_stage_word CHECK (stage IN ('looking', 'starting', 'interning', 'finished')),
    CONSTRAINT fk_member_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_member_user_id FOREIGN KEY(user_id) REFERENCES user (user_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_member_cohort_id_state ON member (cohort_id, state);

CREATE INDEX ix_member_paused_until ON member (paused_until);

CREATE INDEX ix_member_user_id ON member (user_id);

CREATE TABLE member_pause (
    pause_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    from_on TEXT NOT NULL,
    to_on TEXT,
    CONSTRAINT pk_member_pause PRIMARY KEY (pause_id),
    CONSTRAINT fk_member_pause_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_member_pause_member_id ON member_pause (member_id);

CREATE TABLE mentor (
    mentor_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    topics TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    mentees INTEGER NOT NULL,
    days TEXT NOT NULL,
    state TEXT NOT NULL,
    paused_until TEXT,
    at INTEGER NOT NULL,
    CONSTRAINT pk_mentor PRIMARY KEY (mentor_id),
    CONSTRAINT uq_mentor_cohort_id_user_id UNIQUE (cohort_id, user_id),
    CONSTRAINT ck_mentor_state_word CHECK (state IN ('asked', 'active', 'paused', 'left', 'declined')),
    CONSTRAINT fk_mentor_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_mentor_user_id FOREIGN KEY(user_id) REFERENCES user (user_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_mentor_state_paused_until ON mentor (state, paused_until);

CREATE INDEX ix_mentor_user_id ON mentor (user_id);

CREATE TABLE mentor_match (
    match_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    state TEXT DEFAULT 'draft' NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_mentor_match PRIMARY KEY (match_id),
    CONSTRAINT ck_mentor_match_state_word CHECK (state IN ('draft', 'approved', 'dropped')),
    CONSTRAINT fk_mentor_match_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_mentor_match_cohort_id_state ON mentor_match (cohort_id, state);

CREATE TABLE mentor_note (
    note_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    about_id INTEGER,
    cohort_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_mentor_note PRIMARY KEY (note_id),
    CONSTRAINT fk_mentor_note_user_id FOREIGN KEY(user_id) REFERENCES user (user_id) ON DELETE CASCADE,
    CONSTRAINT fk_mentor_note_about_id FOREIGN KEY(about_id) REFERENCES user (user_id) ON DELETE SET NULL,
    CONSTRAINT fk_mentor_note_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_mentor_note_about_id ON mentor_note (about_id);

CREATE INDEX ix_mentor_note_cohort_id ON mentor_note (cohort_id);

CREATE INDEX ix_mentor_note_user_id_about_id ON mentor_note (user_id, about_id);

CREATE TABLE mentor_pairing (
    pairing_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    mentor_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    request_id INTEGER,
    state TEXT DEFAULT 'active' NOT NULL,
    ending TEXT,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    active_at INTEGER NOT NULL,
    asked_at INTEGER,
    met_at INTEGER,
    goals TEXT NOT NULL,
    cadence TEXT DEFAULT '' NOT NULL,
    channel TEXT NOT NULL,
    mentor_agreed_at INTEGER,
    mentee_agreed_at INTEGER,
    CONSTRAINT pk_mentor_pairing PRIMARY KEY (pairing_id),
    CONSTRAINT ck_mentor_pairing_state_word CHECK (state IN ('active', 'ended')),
    CONSTRAINT ck_mentor_pairing_ending_word CHECK (ending IN ('passed', 'mentor_left', 'mentee_left', 'done', 'quiet', 'apart')),
    CONSTRAINT fk_mentor_pairing_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_mentor_pairing_mentor_id FOREIGN KEY(mentor_id) REFERENCES mentor (mentor_id) ON DELETE CASCADE,
    CONSTRAINT fk_mentor_pairing_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_mentor_pairing_request_id FOREIGN KEY(request_id) REFERENCES mentor_request (request_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_mentor_pairing_cohort_id_state ON mentor_pairing (cohort_id, state);

CREATE INDEX ix_mentor_pairing_member_id ON mentor_pairing (member_id);

CREATE INDEX ix_mentor_pairing_mentor_id_state ON mentor_pairing (mentor_id, state);

CREATE INDEX ix_mentor_pairing_request_id ON mentor_pairing (request_id);

CREATE INDEX ix_mentor_pairing_state_active_at ON mentor_pairing (state, active_at);

CREATE UNIQUE INDEX uq_mentor_pairing_open ON mentor_pairing (member_id) WHERE state = 'active';

CREATE TABLE mentor_proposal (
    proposal_id INTEGER NOT NULL,
    match_id INTEGER NOT NULL,
    request_id INTEGER NOT NULL,
    mentor_id INTEGER NOT NULL,
    left_out INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_mentor_proposal PRIMARY KEY (proposal_id),
    CONSTRAINT uq_mentor_proposal_match_id_request_id UNIQUE (match_id, request_id),
    CONSTRAINT fk_mentor_proposal_match_id FOREIGN KEY(match_id) REFERENCES mentor_match (match_id) ON DELETE CASCADE,
    CONSTRAINT fk_mentor_proposal_request_id FOREIGN KEY(request_id) REFERENCES mentor_request (request_id) ON DELETE CASCADE,
    CONSTRAINT fk_mentor_proposal_mentor_id FOREIGN KEY(mentor_id) REFERENCES mentor (mentor_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_mentor_proposal_mentor_id ON mentor_proposal (mentor_id);

CREATE INDEX ix_mentor_proposal_request_id ON mentor_proposal (request_id);

CREATE TABLE mentor_request (
    request_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    topics TEXT NOT NULL,
    wish TEXT NOT NULL,
    state TEXT DEFAULT 'waiting' NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_mentor_request PRIMARY KEY (request_id),
    CONSTRAINT ck_mentor_request_state_word CHECK (state IN ('waiting', 'paired', 'withdrawn')),
    CONSTRAINT fk_mentor_request_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_mentor_request_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_mentor_request_cohort_id_state ON mentor_request (cohort_id, state);

CREATE INDEX ix_mentor_request_member_id_state ON mentor_request (member_id, state);

CREATE TABLE mentor_silence (
    member_id INTEGER NOT NULL,
    CONSTRAINT pk_mentor_silence PRIMARY KEY (member_id),
    CONSTRAINT fk_mentor_silence_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE occurrence (
    occurrence_id INTEGER NOT NULL,
    schedule_id INTEGER NOT NULL,
    zone TEXT NOT NULL,
    "on" TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT DEFAULT 'planned' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_occurrence PRIMARY KEY (occurrence_id),
    CONSTRAINT uq_occurrence_schedule_id_zone_on UNIQUE (schedule_id, zone, "on"),
    CONSTRAINT ck_occurrence_state_word CHECK (state IN ('planned', 'done', 'skipped')),
    CONSTRAINT fk_occurrence_schedule_id FOREIGN KEY(schedule_id) REFERENCES schedule (schedule_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE ping (
    member_id INTEGER NOT NULL,
    letter_id INTEGER NOT NULL,
    local_on TEXT NOT NULL,
    week_on TEXT NOT NULL,
    CONSTRAINT pk_ping PRIMARY KEY (member_id, letter_id),
    CONSTRAINT fk_ping_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_ping_letter_id FOREIGN KEY(letter_id) REFERENCES letter (letter_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_ping_letter_id ON ping (letter_id);

CREATE INDEX ix_ping_member_id_week_on ON ping (member_id, week_on);

CREATE TABLE playbook_card (
    card_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    opens_on TEXT NOT NULL,
    closes_on TEXT NOT NULL,
    state TEXT DEFAULT 'waiting' NOT NULL,
    why TEXT,
    actions TEXT DEFAULT '[]' NOT NULL,
    tries INTEGER DEFAULT '0' NOT NULL,
    letter_id INTEGER,
    made_at INTEGER NOT NULL,
    said_at INTEGER,
    CONSTRAINT pk_playbook_card PRIMARY KEY (card_id),
    CONSTRAINT uq_playbook_card_member_id_key UNIQUE (member_id, "key"),
    CONSTRAINT ck_playbook_card_state_word CHECK (state IN ('waiting', 'written', 'said', 'shown', 'dropped')),
    CONSTRAINT ck_playbook_card_why_word CHECK (why IN ('budget', 'card', 'closed', 'quiet', 'muted', 'paused', 'moved', 'late', 'held', 'left')),
    CONSTRAINT fk_playbook_card_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE playbook_deed (
    deed_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    at INTEGER NOT NULL,
    for_at INTEGER,
    CONSTRAINT pk_playbook_deed PRIMARY KEY (deed_id),
    CONSTRAINT uq_playbook_deed_member_id_key_action_kind UNIQUE (member_id, "key", action, kind),
    CONSTRAINT ck_playbook_deed_kind_word CHECK (kind IN ('done', 'goal', 'reminder')),
    CONSTRAINT fk_playbook_deed_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE playbook_plan (
    member_id INTEGER NOT NULL,
    stage TEXT NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    zone TEXT NOT NULL,
    next_at INTEGER,
    muted INTEGER DEFAULT '0' NOT NULL,
    pressed_at INTEGER,
    CONSTRAINT pk_playbook_plan PRIMARY KEY (member_id),
    CONSTRAINT ck_playbook_plan_stage_word CHECK (stage IN ('looking', 'starting', 'interning', 'finished')),
    CONSTRAINT fk_playbook_plan_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_playbook_plan_next_at ON playbook_plan (next_at);

CREATE TABLE posting (
    posting_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    cohort_id INTEGER,
    source TEXT NOT NULL,
    feed_id INTEGER,
    outside_id TEXT DEFAULT '' NOT NULL,
    mark TEXT DEFAULT '' NOT NULL,
    batch_id INTEGER,
    company_name TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    canonical TEXT NOT NULL,
    twin_key TEXT NOT NULL,
    locations TEXT DEFAULT '[]' NOT NULL,
    terms TEXT DEFAULT '[]' NOT NULL,
    sponsorship TEXT DEFAULT '' NOT NULL,
    category TEXT DEFAULT '' NOT NULL,
    degrees TEXT DEFAULT '[]' NOT NULL,
    tags TEXT DEFAULT '[]' NOT NULL,
    deadline_on TEXT,
    date_posted INTEGER,
    date_updated INTEGER,
    state TEXT NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    reason TEXT,
    suggested_by INTEGER,
    featured_at INTEGER,
    verified_at INTEGER NOT NULL,
    asked_at INTEGER,
    made_at INTEGER NOT NULL,
    closed_at INTEGER,
    CONSTRAINT pk_posting PRIMARY KEY (posting_id),
    CONSTRAINT uq_posting_guild_id_canonical UNIQUE (guild_id, canonical),
    CONSTRAINT ck_posting_source_word CHECK (source IN ('moderator', 'suggestion', 'feed', 'import')),
    CONSTRAINT ck_posting_state_word CHECK (state IN ('queued', 'open', 'hidden', 'closed', 'declined')),
    CONSTRAINT ck_posting_why_word CHECK (why IN ('', 'moderator', 'deadline', 'unverified', 'votes', 'upstream')),
    CONSTRAINT fk_posting_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE SET NULL,
    CONSTRAINT fk_posting_feed_id FOREIGN KEY(feed_id) REFERENCES feed (feed_id) ON DELETE SET NULL,
    CONSTRAINT fk_posting_batch_id FOREIGN KEY(batch_id) REFERENCES posting_batch (batch_id) ON DELETE SET NULL,
    CONSTRAINT fk_posting_suggested_by FOREIGN KEY(suggested_by) REFERENCES member (member_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_posting_batch_id ON posting (batch_id);

CREATE INDEX ix_posting_cohort_id ON posting (cohort_id);

CREATE INDEX ix_posting_feed_id_outside_id ON posting (feed_id, outside_id);

CREATE INDEX ix_posting_guild_id_state_deadline_on ON posting (guild_id, state, deadline_on);

CREATE INDEX ix_posting_guild_id_state_made_at ON posting (guild_id, state, made_at);

CREATE INDEX ix_posting_guild_id_twin_key ON posting (guild_id, twin_key);

CREATE INDEX ix_posting_state_deadline_on ON posting (state, deadline_on);

CREATE INDEX ix_posting_state_verified_at ON posting (state, verified_at);

CREATE INDEX ix_posting_suggested_by ON posting (suggested_by);

CREATE TABLE posting_batch (
    batch_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    user_id INTEGER,
    text TEXT NOT NULL,
    state TEXT DEFAULT 'preview' NOT NULL,
    made_at INTEGER NOT NULL,
    posted_at INTEGER,
    CONSTRAINT pk_posting_batch PRIMARY KEY (batch_id),
    CONSTRAINT ck_posting_batch_state_word CHECK (state IN ('preview', 'posted', 'undone')),
    CONSTRAINT fk_posting_batch_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_posting_batch_cohort_id ON posting_batch (cohort_id);

CREATE INDEX ix_posting_batch_made_at ON posting_batch (made_at);

CREATE TABLE posting_feature (
    posting_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    "on" TEXT NOT NULL,
    letter_id INTEGER,
    CONSTRAINT pk_posting_feature PRIMARY KEY (posting_id, cohort_id),
    CONSTRAINT fk_posting_feature_posting_id FOREIGN KEY(posting_id) REFERENCES posting (posting_id) ON DELETE CASCADE,
    CONSTRAINT fk_posting_feature_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_posting_feature_letter_id FOREIGN KEY(letter_id) REFERENCES letter (letter_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_posting_feature_cohort_id_on ON posting_feature (cohort_id, "on");

CREATE INDEX ix_posting_feature_letter_id ON posting_feature (letter_id);

CREATE TABLE posting_find (
    guild_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    since_at INTEGER NOT NULL,
    posting_id INTEGER NOT NULL,
    opened_at INTEGER,
    deadline_on TEXT,
    words TEXT NOT NULL,
    CONSTRAINT pk_posting_find PRIMARY KEY (guild_id, state, since_at, posting_id),
    CONSTRAINT ck_posting_find_state_word CHECK (state IN ('queued', 'open', 'hidden', 'closed', 'declined')),
    CONSTRAINT fk_posting_find_posting_id FOREIGN KEY(posting_id) REFERENCES posting (posting_id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX ix_posting_find_guild_id_opened_at ON posting_find (guild_id, opened_at);

CREATE INDEX ix_posting_find_posting_id ON posting_find (posting_id);

CREATE TABLE posting_follow (
    follow_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    filter TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    told_on TEXT,
    made_at INTEGER NOT NULL,
    CONSTRAINT pk_posting_follow PRIMARY KEY (follow_id),
    CONSTRAINT fk_posting_follow_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_posting_follow_member_id ON posting_follow (member_id);

CREATE TABLE posting_import (
    import_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    packed TEXT NOT NULL,
    report TEXT DEFAULT '{}' NOT NULL,
    done_at INTEGER,
    made_at INTEGER NOT NULL,
    CONSTRAINT pk_posting_import PRIMARY KEY (import_id),
    CONSTRAINT fk_posting_import_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_posting_import_cohort_id ON posting_import (cohort_id);

CREATE INDEX ix_posting_import_made_at ON posting_import (made_at);

CREATE TABLE posting_look (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    filter TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_posting_look PRIMARY KEY (guild_id, user_id)
)
 STRICT;

CREATE TABLE posting_saved (
    member_id INTEGER NOT NULL,
    posting_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    week_before_on TEXT,
    day_before_on TEXT,
    CONSTRAINT pk_posting_saved PRIMARY KEY (member_id, posting_id),
    CONSTRAINT fk_posting_saved_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_posting_saved_posting_id FOREIGN KEY(posting_id) REFERENCES posting (posting_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_posting_saved_posting_id ON posting_saved (posting_id);

CREATE TABLE posting_search (
    search_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    filter TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_posting_search PRIMARY KEY (search_id),
    CONSTRAINT uq_posting_search_member_id_digest UNIQUE (member_id, digest),
    CONSTRAINT fk_posting_search_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE posting_settings (
    cohort_id INTEGER NOT NULL,
    featured_a_day INTEGER NOT NULL,
    CONSTRAINT pk_posting_settings PRIMARY KEY (cohort_id),
    CONSTRAINT fk_posting_settings_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE posting_silence (
    member_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_posting_silence PRIMARY KEY (member_id),
    CONSTRAINT fk_posting_silence_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE posting_vote (
    member_id INTEGER NOT NULL,
    posting_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_posting_vote PRIMARY KEY (member_id, posting_id),
    CONSTRAINT fk_posting_vote_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_posting_vote_posting_id FOREIGN KEY(posting_id) REFERENCES posting (posting_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_posting_vote_posting_id ON posting_vote (posting_id);

CREATE TABLE profile (
    member_id INTEGER NOT NULL,
    team TEXT NOT NULL,
    company TEXT NOT NULL,
    role TEXT NOT NULL,
    learning TEXT NOT NULL,
    interests TEXT NOT NULL,
    understand TEXT NOT NULL,
    links TEXT NOT NULL,
    hours TEXT NOT NULL,
    shown TEXT DEFAULT '[]' NOT NULL,
    askers TEXT DEFAULT 'cohort' NOT NULL,
    changed_at INTEGER,
    CONSTRAINT pk_profile PRIMARY KEY (member_id),
    CONSTRAINT ck_profile_askers_word CHECK (askers IN ('cohort', 'mentors', 'nobody')),
    CONSTRAINT fk_profile_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE pulse (
    pulse_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    opened_on TEXT NOT NULL,
    closes_at INTEGER NOT NULL,
    threshold INTEGER NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    counted INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_pulse PRIMARY KEY (pulse_id),
    CONSTRAINT ck_pulse_state_word CHECK (state IN ('open', 'shown', 'hidden')),
    CONSTRAINT fk_pulse_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_pulse_cohort_id_state ON pulse (cohort_id, state);

CREATE INDEX ix_pulse_state_closes_at ON pulse (state, closes_at);

CREATE TABLE pulse_answer (
    pulse_id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    item TEXT NOT NULL,
    answer TEXT NOT NULL,
    CONSTRAINT pk_pulse_answer PRIMARY KEY (pulse_id, "key"),
    CONSTRAINT ck_pulse_answer_item_word CHECK (item IN ('going', 'helps', 'change')),
    CONSTRAINT fk_pulse_answer_pulse_id FOREIGN KEY(pulse_id) REFERENCES pulse (pulse_id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE pulse_mark (
    pulse_id INTEGER NOT NULL,
    mark TEXT NOT NULL,
    CONSTRAINT pk_pulse_mark PRIMARY KEY (pulse_id, mark),
    CONSTRAINT fk_pulse_mark_pulse_id FOREIGN KEY(pulse_id) REFERENCES pulse (pulse_id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE pulse_wish (
    cohort_id INTEGER NOT NULL,
    threshold INTEGER NOT NULL,
    CONSTRAINT pk_pulse_wish PRIMARY KEY (cohort_id),
    CONSTRAINT fk_pulse_wish_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE recipient (
    schedule_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    occurrence_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    letter_id INTEGER,
    CONSTRAINT pk_recipient PRIMARY KEY (schedule_id, member_id, period),
    CONSTRAINT ck_recipient_outcome_word CHECK (outcome IN ('asked', 'card', 'paused', 'skipped', 'bundled', 'undelivered', 'left')),
    CONSTRAINT fk_recipient_schedule_id FOREIGN KEY(schedule_id) REFERENCES schedule (schedule_id) ON DELETE CASCADE,
    CONSTRAINT fk_recipient_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_recipient_occurrence_id FOREIGN KEY(occurrence_id) REFERENCES occurrence (occurrence_id) ON DELETE CASCADE,
    CONSTRAINT fk_recipient_letter_id FOREIGN KEY(letter_id) REFERENCES letter (letter_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_recipient_letter_id ON recipient (letter_id);

CREATE INDEX ix_recipient_member_id ON recipient (member_id);

CREATE INDEX ix_recipient_occurrence_id ON recipient (occurrence_id);

CREATE INDEX ix_recipient_schedule_id_period_outcome ON recipient (schedule_id, period, outcome);

CREATE TABLE reminder (
    reminder_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    said TEXT NOT NULL,
    meanings TEXT NOT NULL,
    zone TEXT NOT NULL,
    state TEXT DEFAULT 'asked' NOT NULL,
    next_at INTEGER,
    snoozed_at INTEGER,
    wake_at INTEGER,
    told_at INTEGER,
    done_at INTEGER,
    changed_at INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    CONSTRAINT pk_reminder PRIMARY KEY (reminder_id),
    CONSTRAINT ck_reminder_state_word CHECK (state IN ('asked', 'waiting', 'due', 'done', 'cancelled')),
    CONSTRAINT fk_reminder_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_reminder_member_id_state ON reminder (member_id, state);

CREATE INDEX ix_reminder_state_changed_at ON reminder (state, changed_at);

CREATE INDEX ix_reminder_wake_at ON reminder (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE report (
    report_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    other_id INTEGER,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    readers TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT DEFAULT 'begun' NOT NULL,
    at INTEGER NOT NULL,
    taken_by INTEGER,
    taken_at INTEGER,
    CONSTRAINT pk_report PRIMARY KEY (report_id),
    CONSTRAINT ck_report_what_word CHECK (what IN ('talk', 'content', 'stop')),
    CONSTRAINT ck_report_state_word CHECK (state IN ('begun', 'sent', 'taken', 'closed')),
    CONSTRAINT fk_report_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_report_cohort_id_state ON report (cohort_id, state);

CREATE INDEX ix_report_other_id ON report (other_id);

CREATE INDEX ix_report_state_at ON report (state, at);

CREATE INDEX ix_report_user_id ON report (user_id);

CREATE TABLE roster (
    cohort_id INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    CONSTRAINT pk_roster PRIMARY KEY (cohort_id),
    CONSTRAINT fk_roster_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE roster_row (
    row_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    discord_id INTEGER,
    username TEXT,
    name TEXT NOT NULL,
    team TEXT NOT NULL,
    role TEXT NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    matched_at INTEGER,
    CONSTRAINT pk_roster_row PRIMARY KEY (row_id),
    CONSTRAINT uq_roster_row_cohort_id_discord_id UNIQUE (cohort_id, discord_id),
    CONSTRAINT uq_roster_row_cohort_id_username UNIQUE (cohort_id, username),
    CONSTRAINT fk_roster_row_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_roster_row_discord_id ON roster_row (discord_id);

CREATE INDEX ix_roster_row_matched_at ON roster_row (matched_at);

CREATE TABLE schedule (
    schedule_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    scope TEXT NOT NULL,
    enabled INTEGER DEFAULT '1' NOT NULL,
    grace_seconds INTEGER NOT NULL,
    since_at INTEGER NOT NULL,
    looked_at INTEGER,
    next_fire_at INTEGER,
    CONSTRAINT pk_schedule PRIMARY KEY (schedule_id),
    CONSTRAINT uq_schedule_cohort_id_kind UNIQUE (cohort_id, kind),
    CONSTRAINT ck_schedule_scope_word CHECK (scope IN ('cohort', 'member')),
    CONSTRAINT fk_schedule_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_schedule_enabled_next_fire_at ON schedule (next_fire_at) WHERE enabled = 1;

CREATE TABLE tally (
    name TEXT NOT NULL,
    "on" TEXT NOT NULL,
    number INTEGER NOT NULL,
    CONSTRAINT pk_tally PRIMARY KEY (name, "on")
)
 STRICT;

CREATE TABLE user (
    user_id INTEGER NOT NULL,
    zone TEXT NOT NULL,
    quiet_from TEXT DEFAULT '22:00' NOT NULL,
    quiet_to TEXT DEFAULT '08:00' NOT NULL,
    locale TEXT DEFAULT 'en-US' NOT NULL,
    dm_consent_at INTEGER,
    dm_channel_id INTEGER,
    inbox TEXT DEFAULT 'unknown' NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT pk_user PRIMARY KEY (user_id),
    CONSTRAINT ck_user_inbox_word CHECK (inbox IN ('unknown', 'open', 'closed'))
)
 STRICT;

CREATE TABLE zone_law (
    law_id INTEGER NOT NULL,
    version TEXT NOT NULL,
    CONSTRAINT pk_zone_law PRIMARY KEY (law_id)
)
 STRICT;
