#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "load/ground.hpp"
#include "option_parts.hpp"

namespace referee::cli {
namespace {

/// `max` is 0.
std::optional<double> read_rate(const std::string& text) {
  if (text == "max") return 0;
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const bool number = error == std::errc() && end == text.data() + text.size();
  // Neither is true of what is not a number.
  const bool fits = rate >= 0.1 && rate <= 1e6;
  if (!number || !fits) return std::nullopt;
  return rate;
}

CLI::Option* add_seconds(CLI::App& app, const std::string& flag, double& seconds, int low, int high,
                         const std::string& text) {
  return app.add_option(flag, seconds, text)
      ->check(because([low, high](const std::string& given) { return why_not_between(given, low, high); }))
      ->type_name("SECONDS")
      ->capture_default_str();
}

std::string mix_text() {
  std::string text = "Kinds of operations and their shares. ";
  for (const auto& [name, about] : suites::load::kinds()) text += fmt::format("{}: {}; ", name, about);
  return text + "every body is verified";
}

}  // namespace

void add_load(CLI::App& root, LoadCommand& to) {
  auto& app = *root.add_subcommand("load", "Load a registry at a constant rate and measure its latency");
  app.add_option("TARGET", to.target, "http://HOST[:PORT], host:port, or embedded:PROFILE; plain HTTP only")
      ->required();
  auto* mix = app.add_option("--mix", to.mix, mix_text())
                  ->check(because([](const std::string& text) {
                    const auto read = suites::load::parse_mix(text);
                    return read ? std::string() : read.error();
                  }))
                  ->type_name("KIND=SHARE,...")
                  ->capture_default_str();
  app.add_option("--get", to.get,
                 "Instead of a mix: GET this path of any HTTP server, whose answer may not change; pushes nothing")
      ->check(because([](const std::string& text) {
        const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
        return text.starts_with('/') && plain ? "" : "a path begins with a slash and has no spaces";
      }))
      ->type_name("PATH")
      ->excludes(mix);
  auto* rate = app.add_option_function<std::string>(
                      "--rate", [&to](const std::string& text) { to.rate = read_rate(text).value_or(0); },
                      "Operations per second, whatever the answers take; max: each connection as fast as it can; "
                      "default 100")
                   ->check(because([](const std::string& text) {
                     return read_rate(text) ? "" : "the rate is `max` or a number from 0.1 to 1000000";
                   }))
                   ->type_name("N|max");
  auto* knee =
      app.add_flag("--find-knee", to.find_knee,
                   "Double the rate until the target does not keep up, then bisect: it achieves less than 95 % "
                   "of what was planned, or p99 is above --p99");
  app.add_option("--p99", to.p99_ms, "Of --find-knee: most milliseconds")
      ->check(because([](const std::string& text) { return why_not_between(text, 0, 60'000); }))
      ->type_name("MS")
      ->needs(knee)
      ->capture_default_str();
  (void)rate;
  add_seconds(app, "--duration", to.duration, 1, 3600, "What counts; of each rate that is tried");
  add_seconds(app, "--warm-up", to.warm_up, 0, 600, "Before that, at the same rate");
  add_seconds(app, "--time-limit", to.time_limit, 1, 60, "Of one operation");
  app.add_option("--connections", to.connections, "Kept open; an operation that finds none free waits, which counts")
      ->type_name("N")
      ->check(CLI::Range(1, 4096).description(""))
      ->capture_default_str();
  app.add_option("--threads", to.threads, "That send; each has its share of the connections")
      ->type_name("N")
      ->check(CLI::Range(1, 64).description(""))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--blob-size", [&to](const std::string& text) { to.blob_size = read_size(text).value_or(0); },
         "Of layers and of blobs that are pushed (bytes, or with KiB, MiB); default 64KiB")
      ->check(because([](const std::string& text) -> std::string {
        // Empty layers are all the same one.
        return read_size(text) == 0U ? "0 is no size: at least 1" : why_no_size(text);
      }))
      ->type_name("SIZE");
  app.add_option("--images", to.images, "That are pushed before, each with a tag and a layer of its own")
      ->type_name("N")
      ->check(CLI::Range(1, 1000).description(""))
      ->capture_default_str();
  app.add_option("--referrers", to.referrers, "Of each image; the first is a signature")
      ->type_name("N")
      ->check(CLI::Range(1, 1000).description(""))
      ->capture_default_str();
  app.add_option("--namespace", to.name_space, "Repository prefix to work under")
      ->check(repository_name(200))
      ->capture_default_str()
      ->type_name("PREFIX");
  app.add_option("--results", to.results, "Folder for the results (default referee-results/<time>-<target>)")
      ->check(named_folder())
      ->type_name("DIR");
  add_seed(app, to.seed)->description("Seed of all names, content and of the order; default: a new one, printed");
  app.add_flag("--no-calibration", to.no_calibration,
               "Skip the second that finds out what this client can send at most");
  app.add_flag("--keep", to.keep, "Leave what was pushed; the journal lists it for `referee cleanup`");
  app.add_flag("--json", to.json, "JSON on stdout");
  add_connection(app, to.connection);
  app.footer(
      "Examples:\n"
      "  referee load embedded:oci-1.1 --rate 500\n"
      "  referee load 127.0.0.1:5000 --mix pull=70,push=10,referrers=20 --rate 200 --duration 60\n"
      "  referee load 127.0.0.1:5000 --mix verified-pull --find-knee --p99 50 --results results/knee\n"
      "  referee load 127.0.0.1:8080 --get / --rate max      as fast as it goes, any HTTP server\n\n"
      "Open loop: latency counts from the planned time, so that what a slow answer holds up counts, too; beside it\n"
      "the time from the sending. Several machines: run it on each at once, with other seeds, and `referee merge` the\n"
      "files. A token is asked for once, before: what takes longer than it lasts ends in 401.\n"
      "Exit codes: 0 measured, 1 a body was wrong, 2 usage, 3 nothing can be pushed, 4 the client was the limit or\n"
      "more than 1 % of the operations failed, 130 interrupted.");
}

void add_merge(CLI::App& root, MergeCommand& to) {
  auto& app = *root.add_subcommand("merge", "Join several results of `referee load`, exactly");
  app.add_option("FILE", to.files, "load.json of each run; or what `merge --json` wrote; at least two")
      ->required()
      ->type_name("...")
      ->expected(2, 1000);
  app.add_flag("--json", to.json, "JSON on stdout, of the same form");
  app.footer(
      "Examples:\n"
      "  referee merge results/one/load.json results/two/load.json\n"
      "  referee merge */load.json --json > all.json\n\n"
      "Every histogram is joined bucket by bucket: the same as if one run had measured everything. Rates of runs that\n"
      "were at the same time add up; others are taken to be repetitions.\n"
      "Exit codes: 0 merged, 2 usage: also files that are not of one measurement, or one that is given twice.");
}

void add_null_server(CLI::App& root, NullServerCommand& to) {
  auto& app =
      *root.add_subcommand("null-server", "Answer every request with the same 200, to measure clients")->group("");
  app.add_option("--port", to.port, "On 127.0.0.1; 0 lets the system choose")->check(CLI::Range(0, 65'535));
  app.add_option("--body", to.body, "Bytes of each answer's body")->check(CLI::Range(0, 64 << 20));
  app.add_option("--stall-every", to.stall_every, "Stands still once in so many milliseconds")
      ->check(CLI::Range(1, 60'000));
  app.add_option("--stall", to.stall, "For so many milliseconds")->check(CLI::Range(1, 60'000));
}

}  // namespace referee::cli
