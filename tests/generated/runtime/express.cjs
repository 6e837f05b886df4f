// Stands in for the web framework: remembers the handlers of the program that is being loaded.

function application() {
  const add = (path, handler) => globalThis.handlers.push(handler);
  return { get: add, post: add, use() {}, listen() {} };
}

module.exports = application;
module.exports.Router = application;
