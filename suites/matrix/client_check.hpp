#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client_maker.hpp"
#include "referee/conformance/matrix.hpp"
#include "referee/runtimes/session.hpp"

namespace referee::suites::clients {

/// What a client did, to be judged by what the registry saw and holds rather than by what it says of itself.
struct Evidence {
  const Scenery& scenery;
  std::optional<runtimes::Operation> operation;  ///< nullopt: a pull
  runtimes::Step step;                           ///< the last, if the operation ran more than once
  std::vector<std::string> digests;              ///< of what a pull selected, as the client tells
  std::vector<registry::AccessRecord> traffic;
  std::optional<std::string> output;  ///< what a fetched blob's file holds; nullopt: there is no file
  bool endless = false;               ///< it was ended because it asked again and again
  Ground& ground;

  /// It ended by itself, and says that all went well.
  [[nodiscard]] bool succeeded() const { return step.ok() && !endless; }
};

/// How that stands to what is asked for. `why` and `notes` name no port and no folder.
struct Finding {
  conformance::Standing standing = conformance::Standing::kUnclear;
  std::string why;
  std::vector<std::string> notes = {};  // NOLINT(readability-redundant-member-init): the same
};
Finding right(std::string note = "");
Finding allowed(std::string why);
Finding wrong(std::string why);   ///< it believed, sent or wrote what it should not have
Finding failed(std::string why);  ///< it gave up although everything was in order
Finding unclear(std::string why);

/// One requirement put to clients.
struct ClientCheck {
  // NOLINTBEGIN(readability-redundant-member-init): g++ warns of members that an initializer leaves out
  std::string id = {};                         ///< `digest-manifest`: stable for ever
  std::string about = {};                      ///< one sentence
  std::vector<std::string> requirements = {};  ///< ledger ids; the first gives the level
  std::string expected = {};                   ///< `refused`, `found`, ...
  /// What the client is asked to do; nullopt: to pull.
  std::optional<runtimes::Operation> operation = {};
  // NOLINTEND(readability-redundant-member-init)
  void (*content)(Maker&) = nullptr;
  Scene scene = {};
  Finding (*judge)(const Evidence&) = nullptr;
  /// Where the same operation must succeed first: a client that fails anyway proves nothing. nullopt: the scene itself
  /// is ordinary.
  std::optional<Scene> twin = Scene{};
  void (*twin_content)(Maker&) = nullptr;  ///< what is there then; nullptr: the same
  int times = 1;                           ///< how often the operation runs
  bool bounded = false;                    ///< going on until the limit is an answer, and a wrong one
};

/// All of them, in the order of the report.
const std::vector<ClientCheck>& client_checks();

// The tables, a file each.
using Checks = std::vector<ClientCheck>;
void add_content_checks(Checks& to);
void add_header_checks(Checks& to);
void add_access_checks(Checks& to);
void add_patience_checks(Checks& to);
void add_page_checks(Checks& to);
void add_discovery_checks(Checks& to);
void add_attach_checks(Checks& to);
void add_push_checks(Checks& to);
void add_copy_checks(Checks& to);
void add_tolerance_checks(Checks& to);

}  // namespace referee::suites::clients
