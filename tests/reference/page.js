// Runs in the test's Chromium: evaluates expressions of XPath with the reference evaluator, each at a node of a document.
const TODAY = "2026-11-22T10:00:00Z";
// Before the evaluator loads: its own kinds of dates are made of this one.
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length ? given : [TODAY]));
  }
};
const evaluatorFor = require("openrosa-xpath-evaluator");

const KINDS = { number: [1, "numberValue"], string: [2, "stringValue"], boolean: [3, "booleanValue"] };

// Returns what each case is worth as a text, a number and a truth; null where the reference gives up.
globalThis.worth = (xml, cases) => {
  const record = new DOMParser().parseFromString(xml, "application/xml");
  const evaluator = evaluatorFor();
  const at = (path) => record.evaluate(path, record, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
  const one = (expression, node, [type, value]) => {
    try {
      return String(evaluator.evaluate(expression, node, null, type)[value]);
    } catch (error) {
      return null;
    }
  };
  return cases.map(([expression, path]) =>
    Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, one(expression, at(path), kind)])),
  );
};
