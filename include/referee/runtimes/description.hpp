#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

/// Real clients, each described by a JSON file: how it is found, started, driven and asked what it selected. A client
/// joins by such a file, without a line of code. reports/schemas/runtime.schema.json; fixtures/runtimes/README.md.
namespace referee::runtimes {

/// A command line. Words may hold `${variables}`; a word that is one variable with no value is left out.
struct CommandLine {
  std::vector<std::string> words;             ///< the first is the program: `${name}` of Description::programs
  std::optional<std::chrono::seconds> limit;  ///< how long it may take; nullopt: what the caller allows
};

/// Where to read a version: the first group of `match` in what the command prints, on either stream.
struct VersionReading {
  CommandLine command;
  std::string match;  ///< POSIX extended regular expression with one group
};

/// Where to read which object a pull selected. Either a command and what to look for in each line that it prints, or a
/// folder that the pull made.
struct SelectionReading {
  CommandLine command;
  std::string match;   ///< one group: a digest, or its 64 or 128 hexadecimal digits
  std::string layout;  ///< folder that is an OCI image layout
};

/// A process that runs as long as the client is tried, started before the first command.
struct DaemonLine {
  std::string name;
  CommandLine command;
  CommandLine ready;               ///< succeeds once the daemon can be used
  std::chrono::seconds limit{30};  ///< for becoming ready
};

enum class Role : std::uint8_t {
  kRuntime,  ///< chooses one image for a platform
  kCopier,   ///< takes what the reference names as it is, an index with everything in it
};
std::string_view name(Role role);

/// What a client is tried with, beyond pulls: see Operation. Those that it does not have are left out.
enum class Operation : std::uint8_t {
  kManifest,  ///< prints the manifest that `${reference}` names, byte for byte
  kBlob,      ///< fetches the blob `${digest}` of `${repository}` into `${output}`
  kTags,      ///< prints the tags of `${repository}`, one a line or as JSON
  kPush,      ///< pushes the image of the layout `${layout}` to `${reference}`
  kAttach,  ///< attaches the file `${file}` as an artifact of type `${type}`, annotated with `${key}` = `${value}`, to
            ///< `${reference}`
  kDiscover,  ///< prints the digests of what refers to `${reference}`; `${type}` may be a type to filter by
  kCopy,      ///< copies `${reference}`, referrers included, to `${target}`
  kDelete,    ///< deletes the manifest `${reference}`, a digest
};
inline constexpr int kOperations = 8;
/// `manifest`, `blob`, ...: its key in a description.
std::string_view name(Operation operation);

struct Description {
  std::string name;     ///< `podman`: [a-z0-9.-]
  std::string about;    ///< one line
  std::string install;  ///< what to type to get it
  Role role = Role::kRuntime;
  bool needs_root = false;
  /// By name: where it may be, absolute, the first that is there is taken. `${lab}` is where ci/lab keeps builds,
  /// `${self}` this executable.
  std::map<std::string, std::vector<std::string>> programs;
  /// To be written below `${dir}` before anything starts. Text and values of both may hold variables.
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> environment;  ///< beside PATH, LANG and HOME, which is `${dir}/home`
  std::optional<VersionReading> client_version;
  std::optional<VersionReading> daemon_version;
  std::vector<DaemonLine> daemons;  ///< in the order of starting; stopped in reverse
  CommandLine pull;                 ///< of `${reference}` for `${platform}`
  std::vector<SelectionReading> selected;
  std::optional<CommandLine> create;  ///< makes a container of what was pulled, without running it
  std::vector<CommandLine> remove;    ///< of what a pull and a create left, so that the next starts anew
  std::map<Operation, CommandLine> operations;
  std::string digest;  ///< of the JSON that it was read from, `sha256:...`
};

/// Reads a description. Fails with one line that names the field: unknown fields, wrong types, relative candidates,
/// variables that nobody sets and broken expressions are all errors.
tl::expected<Description, std::string> parse_description(std::string_view json);
/// The same from a file of at most 1 MiB; the line names the file.
tl::expected<Description, std::string> read_description(const std::string& path);
/// fixtures/runtimes/*.json, by name. Ends the program with exit code 70 and one line if one is wrong.
const std::vector<Description>& builtin_descriptions();
const Description* find_description(std::string_view name);

using Variables = std::map<std::string, std::string, std::less<>>;
/// The words with their variables replaced.
std::vector<std::string> expand(const CommandLine& command, const Variables& variables);
std::string expand(std::string_view text, const Variables& variables);

}  // namespace referee::runtimes
