#include "referee/runtimes/session.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "process.hpp"
#include "referee/oci/layout.hpp"
#include "remains.hpp"
#include "selection.hpp"

namespace referee::runtimes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Commands that are not pulls: versions, readings, removals.
constexpr seconds kCommandLimit{30};
constexpr milliseconds kStopPatience{10'000};
constexpr milliseconds kReadyPause{50};

/// Where ci/lab keeps what it builds.
std::string lab_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
    return std::string(cache) + "/referee/lab";
  }
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "/root" : home) + "/.cache/referee/lab";
}

std::string own_program() {
  std::error_code failure;
  return std::filesystem::read_symlink("/proc/self/exe", failure).string();
}

bool write_file(const std::string& path, const std::string& text) {
  std::error_code failure;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failure);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text << std::flush;
  return static_cast<bool>(file);
}

/// `registry/repository:tag` or `registry/repository@digest` in its parts.
void split_reference(const std::string& reference, Variables& variables) {
  const auto slash = reference.find('/');
  auto rest = slash == std::string::npos ? reference : reference.substr(slash + 1);
  auto& repository = variables["repository"];
  const auto at = rest.find('@');
  const auto colon = rest.rfind(':');
  variables["reference"] = reference;
  variables["tag"] = at == std::string::npos && colon != std::string::npos ? rest.substr(colon + 1) : "";
  variables["digest"] = at == std::string::npos ? "" : rest.substr(at + 1);
  repository = rest.substr(0, at != std::string::npos ? at : colon);
}

std::string first_group(const std::string& text, const std::string& match) {
  for (const auto& found : groups_in(text, match)) return found;
  return "";
}

}  // namespace

struct Session::Impl {
  Impl(Description what, SessionOptions how) : description(std::move(what)), options(std::move(how)) {}

  Description description;
  SessionOptions options;
  Variables variables;
  std::vector<std::string> environment;
  std::vector<Daemon> daemons;
  Versions versions;
  int pulls = 0;
  bool closed = false;

  tl::expected<void, Absence> find_programs() {
    const auto lab = lab_folder();
    for (const auto& [name, candidates] : description.programs) {
      const auto found = std::ranges::find_if(candidates, [&](const std::string& candidate) {
        return ::access(expand(candidate, {{"lab", lab}, {"self", own_program()}}).c_str(), X_OK) == 0;
      });
      if (found == candidates.end()) {
        return tl::unexpected(
            Absence{false, fmt::format("not installed: {} is missing; {}", name, description.install)});
      }
      variables[name] = expand(*found, {{"lab", lab}, {"self", own_program()}});
    }
    return {};
  }

  void set_variables() {
    const auto slash = options.platform.find('/');
    variables["dir"] = options.folder;
    variables["registry"] = options.registry;
    variables["platform"] = options.platform;
    variables["os"] = options.platform.substr(0, slash);
    const auto rest = slash == std::string::npos ? "" : options.platform.substr(slash + 1);
    variables["arch"] = rest.substr(0, rest.find('/'));
    variables["lab"] = lab_folder();
    variables["self"] = own_program();
    variables["id"] = "referee-0";
    for (const auto& [name, value] : options.variables) variables[name] = value;
    std::map<std::string, std::string> all{
        {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        {"LANG", "C.UTF-8"},
        {"HOME", "${dir}/home"},
        {"TMPDIR", "${dir}/tmp"},
        {"XDG_RUNTIME_DIR", "${dir}/tmp"},
    };
    for (const auto& [name, value] : description.environment) all[name] = value;
    all[kMarker] = "${dir}";
    for (const auto& [name, value] : all) environment.push_back(name + "=" + expand(value, variables));
  }

  tl::expected<void, Absence> make_folder() {
    std::error_code failure;
    if (::mkdir(options.folder.c_str(), 0700) != 0) {
      return tl::unexpected(Absence{true, fmt::format("{} cannot be made", options.folder)});
    }
    for (const char* below : {"home", "tmp"}) {
      std::filesystem::create_directories(options.folder + "/" + below, failure);
    }
    for (const auto& [path, text] : description.files) {
      const auto full = options.folder + "/" + path;
      if (!write_file(full, expand(text, variables))) {
        return tl::unexpected(Absence{true, full + " cannot be written"});
      }
    }
    return {};
  }

  Step run(const CommandLine& command, const Variables& more, milliseconds limit) {
    auto all = variables;
    for (const auto& [name, value] : more) all[name] = value;
    const Launch launch{expand(command, all), environment, options.folder};
    return run_to_end(launch, command.limit ? milliseconds(*command.limit) : limit, options.interrupted);
  }

  tl::expected<void, Absence> start_daemon(const DaemonLine& line) {
    const auto log = fmt::format("{}/{}.log", options.folder, line.name);
    auto daemon = Daemon::start({expand(line.command, variables), environment, options.folder}, log);
    if (!daemon) return tl::unexpected(Absence{true, fmt::format("{}: {}", line.name, daemon.error())});
    daemons.push_back(std::move(*daemon));
    const auto end = std::chrono::steady_clock::now() + line.limit;
    while (std::chrono::steady_clock::now() < end) {
      if (options.interrupted && options.interrupted()) break;
      if (!daemons.back().alive()) {
        return tl::unexpected(Absence{true, fmt::format("{} ended while it started: {}", line.name, last_words(log))});
      }
      if (run(line.ready, {}, seconds(5)).ok()) return {};
      std::this_thread::sleep_for(kReadyPause);
    }
    return tl::unexpected(
        Absence{true, fmt::format("{} is not ready after {} s: {}", line.name, line.limit.count(), last_words(log))});
  }

  static std::string last_words(const std::string& log) {
    std::ifstream file(log, std::ios::binary | std::ios::ate);
    const auto size = static_cast<std::streamoff>(file.tellg());
    Step step;
    step.err.resize(static_cast<std::size_t>(std::clamp<std::streamoff>(size, 0, 65536)));
    file.seekg(-static_cast<std::streamoff>(step.err.size()), std::ios::end);
    file.read(step.err.data(), static_cast<std::streamsize>(step.err.size()));
    const auto words = step.words();
    return words.empty() ? "it said nothing" : words;
  }

  std::string read_version(const std::optional<VersionReading>& reading) {
    if (!reading) return "";
    const auto step = run(reading->command, {}, kCommandLimit);
    auto version = first_group(step.out, reading->match);
    if (version.empty()) version = first_group(step.err, reading->match);
    return version.empty() ? "unknown" : version;
  }

  void read_selected(PullResult& result, const Variables& more) {
    std::string why;
    for (const auto& reading : description.selected) {
      if (!reading.layout.empty()) {
        auto found = digests_of_layout(expand(reading.layout, variables));
        if (!found) {
          why = found.error();
          continue;
        }
        std::ranges::copy(*found, std::back_inserter(result.digests));
        continue;
      }
      const auto step = run(reading.command, more, kCommandLimit);
      const auto found = step.ok() ? groups_in(step.out, reading.match) : std::vector<std::string>{};
      for (const auto& group : found) {
        if (const auto digest = as_digest(group)) result.digests.push_back(*digest);
      }
      // A reading that could not be started says nothing of the client.
      result.unread |= step.out.size() >= kMostOutput || (step.exit_code < 0 && !step.timed_out);
      if (found.empty()) why = step.ok() ? "it names no digest: " + step.words() : step.words();
    }
    if (result.digests.empty()) result.unreadable = why;
  }
};

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Session::~Session() {
  close();
}

tl::expected<std::unique_ptr<Session>, Absence> Session::open(const Description& description, SessionOptions options) {
  adopt_orphans();
  std::unique_ptr<Session> session(new Session(std::make_unique<Impl>(description, std::move(options))));
  auto& impl = *session->impl_;
  impl.closed = true;  // until there is something to close
  if (const auto found = impl.find_programs(); !found) return tl::unexpected(found.error());
  if (description.needs_root && ::geteuid() != 0) {
    return tl::unexpected(Absence{true, description.name + " needs root: run this as root, or leave it out"});
  }
  impl.set_variables();
  impl.closed = false;
  if (const auto made = impl.make_folder(); !made) return tl::unexpected(made.error());
  for (const auto& line : description.daemons) {
    if (const auto started = impl.start_daemon(line); !started) return tl::unexpected(started.error());
  }
  impl.versions = {impl.read_version(description.client_version), impl.read_version(description.daemon_version)};
  return session;
}

const Description& Session::description() const {
  return impl_->description;
}
const Versions& Session::versions() const {
  return impl_->versions;
}
const std::string& Session::folder() const {
  return impl_->options.folder;
}

bool Session::alive() const {
  return std::ranges::all_of(impl_->daemons, [](Daemon& daemon) { return daemon.alive(); });
}

Step Session::run(const CommandLine& command, const Variables& more) {
  return impl_->run(command, more, kCommandLimit);
}

std::optional<Step> Session::run(Operation operation, const Variables& more) {
  const auto& operations = impl_->description.operations;
  const auto found = operations.find(operation);
  if (found == operations.end()) return std::nullopt;
  auto all = more;
  if (const auto reference = more.find("reference"); reference != more.end()) split_reference(reference->second, all);
  // What the caller says itself goes before what the reference says.
  for (const auto& [name, value] : more) all[name] = value;
  return impl_->run(found->second, all, impl_->options.pull_limit);
}

PullResult Session::pull(const std::string& reference, const Variables& more) {
  auto& impl = *impl_;
  auto all = more;
  split_reference(reference, all);
  all["id"] = fmt::format("referee-{}", ++impl.pulls);
  PullResult result;
  result.pull = impl.run(impl.description.pull, all, impl.options.pull_limit);
  if (result.pull.ok()) {
    impl.read_selected(result, all);
    if (impl.description.create) result.create = impl.run(*impl.description.create, all, kCommandLimit);
  }
  for (const auto& command : impl.description.remove) impl.run(command, all, kCommandLimit);
  return result;
}

Leftovers Session::close() {
  Leftovers left;
  auto& impl = *impl_;
  if (impl.closed) return left;
  impl.closed = true;
  const auto& folder = impl.options.folder;
  while (!impl.daemons.empty()) {
    auto& daemon = impl.daemons.back();
    const auto name = impl.description.daemons[impl.daemons.size() - 1].name;
    const int pid = daemon.pid();
    if (!daemon.stop(kStopPatience)) left.processes.push_back(fmt::format("{} {}", pid, name));
    impl.daemons.pop_back();
  }
  for (const auto& process : processes_of(folder)) {
    left.processes.push_back(fmt::format("{} {}", process.pid, process.name));
  }
  left.mounts = mounts_below(folder);
  left.stuck = end_processes(folder);
  std::ranges::copy(undo_mounts(folder), std::back_inserter(left.stuck));
  std::error_code failure;
  // With a mount that stays, removing the folder would remove what is mounted there.
  if (mounts_below(folder).empty()) std::filesystem::remove_all(folder, failure);
  if (std::filesystem::exists(folder)) left.stuck.push_back(folder);
  return left;
}

}  // namespace referee::runtimes
