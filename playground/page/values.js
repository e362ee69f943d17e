// Knows what the inputs of a surface hold: the state of each element as Slack reports it, kept across re-rendering.

const EMPTY = {
  plain_text_input: { value: null }, number_input: { value: null }, email_text_input: { value: null }, url_text_input: { value: null },
  rich_text_input: { rich_text_value: null }, static_select: { selected_option: null }, external_select: { selected_option: null },
  radio_buttons: { selected_option: null }, checkboxes: { selected_options: [] }, multi_static_select: { selected_options: [] },
  multi_external_select: { selected_options: [] }, users_select: { selected_user: null }, multi_users_select: { selected_users: [] },
  conversations_select: { selected_conversation: null }, multi_conversations_select: { selected_conversations: [] },
  channels_select: { selected_channel: null }, multi_channels_select: { selected_channels: [] }, datepicker: { selected_date: null },
  timepicker: { selected_time: null }, datetimepicker: { selected_date_time: null }, file_input: { files: [] },
};

const INITIAL = {
  value: "initial_value", rich_text_value: "initial_value", selected_option: "initial_option", selected_options: "initial_options",
  selected_user: "initial_user", selected_users: "initial_users", selected_conversation: "initial_conversation",
  selected_conversations: "initial_conversations", selected_channel: "initial_channel", selected_channels: "initial_channels",
  selected_date: "initial_date", selected_time: "initial_time", selected_date_time: "initial_date_time",
};

/** Whether an element has a state (buttons and overflow menus have none). */
export function isStateful(element) {
  return Boolean(element && EMPTY[element.type]);
}

/** The field of an element's state that carries its value, such as "selected_option". */
export function valueField(type) {
  return Object.keys(EMPTY[type])[0];
}

/** Every stateful element of some blocks, with its block. */
export function* statefulElements(blocks) {
  for (const block of blocks || []) {
    const inside = block.type === "input" ? [block.element] : [block.accessory, ...(block.elements || [])];
    for (const element of inside) if (isStateful(element)) yield { block, element };
    if (block.child_blocks) yield* statefulElements(block.child_blocks);
  }
}

export class Values {
  constructor(seed) {
    this.map = new Map();
    for (const [block, actions] of Object.entries(seed || {})) {
      for (const [action, state] of Object.entries(actions)) {
        if (EMPTY[state.type] && !isEmpty(state[valueField(state.type)])) this.map.set(`${block}\n${action}`, state);
      }
    }
  }

  /** The state of an element; the first look fills in its initial value. */
  get(blockId, element) {
    const key = `${blockId}\n${element.action_id}`;
    if (this.map.get(key)?.type !== element.type) {
      const field = valueField(element.type);
      const state = { type: element.type, ...structuredClone(EMPTY[element.type]) };
      let initial = element[INITIAL[field]];
      if (initial === undefined && element.default_to_current_conversation) initial = this.currentConversation;
      if (initial !== undefined && initial !== null) state[field] = structuredClone(initial);
      this.map.set(key, state);
    }
    return this.map.get(key);
  }

  value(blockId, element) {
    return this.get(blockId, element)[valueField(element.type)];
  }

  set(blockId, element, value) {
    this.map.set(`${blockId}\n${element.action_id}`, { type: element.type, [valueField(element.type)]: value });
  }

  /** Forget what was given to elements that are gone: should they come back, they are empty, as in Slack. */
  keep(blocks) {
    const there = new Set();
    for (const { block, element } of statefulElements(blocks)) there.add(`${block.block_id}\n${element.action_id}`);
    for (const key of [...this.map.keys()]) if (!there.has(key)) this.map.delete(key);
  }

  /** {block_id: {action_id: state}} of the elements now on show; files go as their ids. */
  toJSON(blocks) {
    const out = {};
    for (const { block, element } of statefulElements(blocks)) {
      const state = this.get(block.block_id, element);
      out[block.block_id] ||= {};
      out[block.block_id][element.action_id] = state.files ? { ...state, files: state.files.map((file) => file.id ?? file) } : state;
    }
    return out;
  }
}

function isEmpty(value) {
  return value === null || value === undefined || (typeof value === "string" && !value.trim()) || (Array.isArray(value) && value.length === 0);
}

function textProblem(element, value) {
  if (element.type === "email_text_input") return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : "Please enter a valid email address.";
  if (element.type === "url_text_input") return /^https?:\/\/\S+$/i.test(value) ? null : "Please enter a valid URL, starting with https://.";
  if (element.min_length && value.length < element.min_length) return `Please enter at least ${element.min_length} characters.`;
  const most = element.max_length || 3000;
  if (element.type === "plain_text_input" && value.length > most) return `Please use at most ${most} characters (now ${value.length}).`;
  return null;
}

function numberProblem(element, value) {
  const wanted = element.is_decimal_allowed ? /^-?\d*\.?\d+$/ : /^-?\d+$/;
  if (!wanted.test(value)) return element.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
  if (element.min_value !== undefined && Number(value) < Number(element.min_value)) return `Please enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && Number(value) > Number(element.max_value)) return `Please enter ${element.max_value} or less.`;
  return null;
}

/** What Slack's own client refuses before anything is sent: {block_id: sentence}. */
export function check(blocks, values) {
  const problems = {};
  for (const { block, element } of statefulElements(blocks)) {
    if (block.type !== "input") continue;
    const value = values.value(block.block_id, element);
    let problem = null;
    if (isEmpty(value)) problem = block.optional ? null : "Please complete this required field.";
    else if (element.type === "number_input") problem = numberProblem(element, value);
    else if (typeof value === "string") problem = textProblem(element, value);
    if (problem) problems[block.block_id] = problem;
  }
  return problems;
}
