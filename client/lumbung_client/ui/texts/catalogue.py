"""The catalogue's type: one attribute per text. Gaps like `{n}` are filled with `format`, as `counted` tells.

Indonesian has no plural form; English texts say a number with its noun in both: `{n:photo|photos}`.
"""

from __future__ import annotations

from dataclasses import dataclass

from lumbung_client.ui.texts.access import AccessTexts
from lumbung_client.ui.texts.account import AccountTexts
from lumbung_client.ui.texts.budget import BudgetTexts
from lumbung_client.ui.texts.cascade import CascadeTexts
from lumbung_client.ui.texts.deadline import DeadlineTexts
from lumbung_client.ui.texts.desk import DeskTexts
from lumbung_client.ui.texts.doubles import DoublesTexts
from lumbung_client.ui.texts.editing import EditTexts
from lumbung_client.ui.texts.entering import EnteringTexts
from lumbung_client.ui.texts.feed import FeedTexts
from lumbung_client.ui.texts.forms import FormTexts
from lumbung_client.ui.texts.guide import GuideTexts
from lumbung_client.ui.texts.overview import OverviewTexts
from lumbung_client.ui.texts.photos import PhotoTexts
from lumbung_client.ui.texts.products import ProductTexts
from lumbung_client.ui.texts.programmes import ProgrammeTexts
from lumbung_client.ui.texts.receipt import ReceiptTexts
from lumbung_client.ui.texts.report import ReportTexts
from lumbung_client.ui.texts.review import ReviewTexts
from lumbung_client.ui.texts.sharing import SharingTexts
from lumbung_client.ui.texts.silence import SilenceTexts
from lumbung_client.ui.texts.states import StateTexts
from lumbung_client.ui.texts.updating import UpdatingTexts


@dataclass(frozen=True)
class Texts:
    """All texts of one language."""

    # Names and places
    app_name: str
    forms: FormTexts
    guide: GuideTexts
    photos: PhotoTexts
    report: ReportTexts
    editing: EditTexts
    entering: EnteringTexts
    access: AccessTexts
    account: AccountTexts
    budget: BudgetTexts
    deadline: DeadlineTexts
    desk: DeskTexts
    review: ReviewTexts
    overview: OverviewTexts
    sharing: SharingTexts
    feed: FeedTexts
    silence: SilenceTexts
    states: StateTexts
    cascade: CascadeTexts
    products: ProductTexts
    programmes: ProgrammeTexts
    receipt: ReceiptTexts
    doubles: DoublesTexts
    updating: UpdatingTexts
    tagline: str
    tab_activities: str
    tab_record: str
    tab_send: str
    tab_feed: str
    settings: str
    back: str

    # Starting
    opening: str
    try_again: str
    store_closed_title: str
    elsewhere_title: str
    elsewhere_help: str
    elsewhere_wait: str
    elsewhere_window_title: str
    elsewhere_window_help: str
    elsewhere_silent_title: str
    elsewhere_silent_help: str
    use_here: str
    taking_over: str
    gave_way_title: str
    gave_way_help: str
    rescue_page: str
    rescue_page_help: str
    screen_failed: str
    action_failed: str
    page_not_found: str
    to_activities: str

    # Enrolment
    enrol_title: str
    enrol_help: str
    enrol_code: str
    enrol_button: str
    enrol_busy: str
    i_am_coordinator: str
    i_am_cadre: str
    login_title: str
    login_name: str
    password: str
    login_button: str
    login_busy: str
    code_missing: str
    enrol_offline: str
    login_missing: str

    # Home and lists
    banner_offline: str
    banner_all_sent: str
    banner_photos: str
    banner_nothing_yet: str
    banner_waiting: str
    banner_sending: str
    banner_refused: str
    last_sync: str
    never_synced: str
    no_activities_title: str
    no_activities_help: str
    no_activities_coordinator: str
    open_feed: str
    open_desk: str
    no_date: str
    no_region: str
    search_activities: str
    clear_search: str
    all_states: str
    nothing_found_title: str
    nothing_found_help: str
    show_all: str
    show_more: str

    # Recording
    choose_kind: str
    drafts_open: str
    save_draft: str
    finish: str
    draft_saved: str
    finished_saved: str
    please_correct: str
    discard_draft: str
    discard_question: str
    discard_help: str
    discarded: str
    discard_edit: str
    discard_edit_question: str
    discard_edit_help: str
    edit_discarded: str
    cancel: str
    not_chosen: str
    choose: str
    clear: str
    yes: str
    no: str
    men: str
    women: str
    men_short: str
    women_short: str
    participants_total: str
    add_row: str
    remove_row: str
    row_title: str
    take_location: str
    taking_location: str
    location_failed: str
    location_value: str
    photo_value: str
    not_offered: str
    search_options: str
    no_option: str
    nothing_offered: str
    done: str
    at_most_rows: str
    data_plan: str
    sparing: str
    sparing_help: str
    newer_field: str
    unknown_kind: str
    unknown_kind_help: str
    required_mark: str

    # One activity
    edit: str
    correct: str
    continue_draft: str
    delete: str
    delete_question: str
    delete_about: str
    delete_help: str
    delete_undo: str
    deleted: str
    activity_gone: str
    recorded_by: str
    received_as: str
    rivals: str
    use_answer: str
    answer_empty: str
    somebody: str
    you_here: str
    you_elsewhere: str
    not_sent_yet: str
    own_answer: str
    use_own_answer: str
    deletion_disputed: str
    row_disputed: str
    deleted_by: str
    changed_by: str
    row_deleted: str
    delete_again: str
    keep_deleted: str
    delete_again_question: str
    delete_row_again_question: str
    delete_again_help: str
    kept: str
    deleted_again: str
    disputed_count: str
    disputed_help: str
    only_disputed: str
    settled: str
    no_answers: str
    clock_corrected: str
    clock_corrected_times: str
    clock_unverified: str
    clock_unverified_times: str
    incomplete: str
    own_name: str

    # Registers
    registers: str
    search_entries: str
    add_entry: str
    add_entry_named: str
    change_choice: str
    no_entries_title: str
    no_entries_help: str
    entry_not_found: str
    entry_elsewhere: str
    entry_gone: str
    to_registers: str
    entry_stands: str
    open_entry: str
    entry_history: str
    entry_no_history: str
    entry_photos: str
    alike_title: str
    alike_help: str
    reason_same_name: str
    reason_similar_name: str
    reason_same_person: str
    reason_same_contact: str
    reason_same_village: str
    reason_same_rt: str
    join: str
    join_question: str
    join_help: str
    joined_done: str
    joined_title: str
    joined_into: str
    part: str
    parted_done: str
    find_twins: str
    twins_busy: str
    twins_none: str
    twins_found: str
    delete_entry_question: str
    delete_entry_help: str
    entry_deleted: str

    # Sending
    send_now: str
    sending_title: str
    sent_progress: str
    waiting_title: str
    nothing_waits: str
    nothing_waits_yet: str
    retry_at: str
    offline_help: str
    receipts_title: str
    clock_slow: str
    clock_fast: str
    clock_at_least: str
    clock_how: str
    clock_wrong: str
    receipt_line: str

    # Feed
    show_counts: str
    hide_counts: str
    feed_empty_title: str
    feed_empty_help: str
    feed_nothing_matches: str
    feed_offline: str
    feed_export: str
    feed_exporting: str
    feed_exported: str
    other_files: str
    filter: str
    filter_region: str
    filter_kind: str
    filter_since: str
    filter_until: str
    all_regions: str
    all_kinds: str
    any_date: str
    clear_filter: str
    filtered: str
    since_day: str
    until_day: str
    count_total: str
    count_undecided: str
    counts_title: str
    load_more: str
    refresh: str
    loading: str
    by_whom: str

    # Settings
    enrol_again: str
    sign_out: str
    sign_out_question: str
    sign_out_help: str
    language: str
    letters_help: str
    who: str
    role_cadre: str
    role_district_coordinator: str
    role_regency_coordinator: str
    role_province_coordinator: str
    role_administrator: str
    storage: str
    storage_persisted: str
    storage_not_persisted: str
    storage_native: str
    storage_ask: str
    storage_still_not: str
    storage_used: str
    storage_left: str
    room_about: str
    room_less: str
    room_more: str
    storage_low: str
    storage_low_send: str
    storage_trouble: str
    set_aside: str
    not_saved: str
    not_saved_full: str
    save_again: str
    read_only: str
    read_only_full: str
    log_title: str
    log_empty: str
    log_copy: str

    # Rescue
    rescue_title: str
    rescue_help: str
    rescue_count: str
    photos_unreadable: str
    rescue_save: str
    rescue_nothing: str
    rescue_saved: str
    rescue_cancelled: str
    rescue_lost: str
    rescue_bring: str
    rescue_brought: str
    rescue_activities: str
    rescue_drafts: str
    rescue_pictures: str
    rescue_rest_here: str
    rescue_all_here: str
    rescue_lead: str
