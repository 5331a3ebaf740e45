#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "referee/cli/exit_code.hpp"
#include "referee/conformance/runner.hpp"

namespace referee::cli {

/// How a subcommand that talks to a registry reaches it.
struct ConnectionOptions {
  bool plain_http = false;
  std::string http_version = "auto";
  http::TlsOptions tls;
  http::CredentialSources credentials;
};

enum class Output : std::uint8_t { kText, kJson, kJunit };

/// What a real registry is judged by unless it is told otherwise.
inline constexpr const char* kDefaultSuite = "oci-1.1";

struct CheckCommand {
  std::string target;
  ConnectionOptions connection;
  std::string name_space = "referee";
  std::vector<std::string> repositories;
  std::string results;
  conformance::Selection selection;
  conformance::Spec spec = conformance::Spec::kV1_1;
  bool strict = false;
  std::optional<std::uint64_t> seed;
  int jobs = 4;
  double check_timeout = 60;
  bool full = false;  ///< the large sizes of stories and of the seed's questions
  bool keep = false;  ///< leaves what was pushed in the registry
  bool verbose = false;
  Output output = Output::kText;
  std::string config;  ///< file that was read for more options
};

struct RubricCommand {
  CheckCommand check;  ///< target, connection and everything else that a run needs
};

struct BenchCommand {
  std::string target;
  ConnectionOptions connection;
  std::string name_space = "referee";
  std::string results;
  std::string scenario;               ///< empty: the grid of protocol costs
  std::vector<std::string> select;    ///< of the grid: globs on names
  std::vector<std::string> variants;  ///< of the grid: ids
  std::string compare;                ///< of the grid: a second target
  double threshold = 10;              ///< percent
  std::optional<std::uint64_t> seed;
  std::optional<int> repetitions;
  std::optional<int> most;  ///< of growth
  bool full = false;
  bool keep = false;
  bool json = false;
};

struct LoadCommand {
  std::string target;
  ConnectionOptions connection;
  std::string name_space = "referee";
  std::string results;
  std::string mix = "pull=70,referrers=20,tags=10";
  std::string get;    ///< a path; empty: the mix
  double rate = 100;  ///< 0: as fast as possible
  bool find_knee = false;
  double p99_ms = 100;
  double duration = 10;  ///< seconds, as are the others
  double warm_up = 2;
  double time_limit = 5;
  int connections = 32;
  int threads = 1;
  std::uint64_t blob_size = std::uint64_t{64} << 10U;
  int images = 16;
  int referrers = 5;
  std::optional<std::uint64_t> seed;
  bool no_calibration = false;
  bool keep = false;
  bool json = false;
};

struct MergeCommand {
  std::vector<std::string> files;
  bool json = false;
};

/// The fields of load::NullServerOptions.
struct NullServerCommand {
  int port = 0;
  int body = 2;
  int stall_every = 0;
  int stall = 0;
};

struct ListCommand {
  std::string what = "checks";
  conformance::Selection selection;
  conformance::Spec spec = conformance::Spec::kV1_1;
  bool json = false;
};

struct ExplainCommand {
  std::string id;
  conformance::Spec spec = conformance::Spec::kV1_1;
  bool json = false;
};

struct ServeCommand {
  std::string listen = "127.0.0.1:5000";
  std::string profile = "oci-1.1";
  std::vector<std::string> deviations;
  double delay = 0;  ///< milliseconds
  std::string store;
  std::uint64_t memory = 2ULL * 1024 * 1024 * 1024;
  std::uint64_t manifest_limit = 0;
  std::string access_log;
  std::string control;
  bool contents = false;  ///< has what runtimes are tried on
};

struct ProveCommand {
  std::string profile;  ///< empty: all of the selected checks
  std::vector<std::string> faults;
  bool faults_only = false;
  bool named_only = false;
  conformance::Selection selection;
  int jobs = 2;
  std::uint64_t seed = 1;
  bool json = false;
};

struct CompareCommand {
  std::string before;
  std::string after;
  std::vector<std::string> noise;  ///< two files of an A/A run, or none
  double threshold = 10;           ///< percent
  double level = 0.01;
  std::string output = "text";
};

struct MatrixCommand {
  std::vector<std::string> paths;  ///< files and folders of results; `NAME=` before names a column
  std::string results;             ///< folder for the tables; empty: stdout
  std::string output;              ///< html, markdown or json; empty: markdown, or with a folder all
};

struct TrendCommand {
  std::vector<std::string> paths;  ///< results.json, and folders that hold some; `NAME=` before names their target
  std::string target;              ///< empty: there is one alone
  std::string output = "text";
};

struct ChartsCommand {
  std::vector<std::string>
      paths;            ///< files of `referee bench`, and folders that hold some; `NAME=` before names a target
  std::string results;  ///< folder for the page; empty: it goes to stdout
  std::string output;   ///< html or markdown; empty: html, or with a folder both
};

struct ReportCommand {
  std::vector<std::string> folders;  ///< of results, or folders with some below
  std::string output = "report.html";
};

struct CleanupCommand {
  std::string journal;
  ConnectionOptions connection;
};

struct ReplayCommand {
  std::string results;              ///< folder
  std::vector<std::string> select;  ///< of its checks
};

struct CertifyCommand {
  std::string results;  ///< folder
  std::string key;      ///< file: a private key in PEM
  std::vector<std::string> profiles;
  int expires = 365;   ///< days
  std::string output;  ///< folder; empty: RESULTS/submission
  std::string vendor;
  std::string product;  ///< empty: the target
  std::string version;  ///< of the product
  std::string website;
  std::string documentation;
  bool attach = false;
  std::string reference;         ///< repository that the certificate is attached in; empty: NAMESPACE/certificate
  ConnectionOptions connection;  ///< of the attachment
};

struct VerifyCertificateCommand {
  std::string folder;
  std::string key;  ///< file: a public key in PEM
  std::string at;   ///< RFC 3339; empty: now
};

struct VersionCommand {
  bool json = false;
};

struct RuntimeCommand {
  std::vector<std::string> names;  ///< of descriptions, files, imitations, or `all`
  std::vector<std::string> files;  ///< more descriptions
  std::vector<std::string> contents;
  std::string results;
  std::string baseline;
  std::string platform = "linux/amd64";
  int pull_timeout = 20;  ///< seconds
  int jobs = 2;
  std::optional<std::uint64_t> seed;
  bool full = false;
  bool strict = false;
  Output output = Output::kText;
};

struct ClientCommand {
  RuntimeCommand matrix;  ///< `contents` are globs on ids of requirements
};

/// The fields of imitation::Order.
struct ImitateCommand {
  std::string name;
  std::string operation;
  std::string reference;
  std::string target;
  std::string platform = "linux/amd64";
  std::string output;
  std::string layout;
  std::string file;
  std::string type;
  std::string annotation;
  std::string now;
  std::string variant;
};

/// What only the declared options can tell: the manual page, or a completion script.
struct TextCommand {
  std::string text;
};

struct ReferenceCommand {
  std::string folder;
};

struct WorkerCommand {};

using Command = std::variant<CheckCommand, RubricCommand, BenchCommand, LoadCommand, MergeCommand, NullServerCommand,
                             CompareCommand, MatrixCommand, TrendCommand, ChartsCommand, ReportCommand, ListCommand,
                             ExplainCommand, ServeCommand, ProveCommand, CleanupCommand, ReplayCommand, CertifyCommand,
                             VerifyCertificateCommand, VersionCommand, RuntimeCommand, ClientCommand, ImitateCommand,
                             TextCommand, ReferenceCommand, WorkerCommand>;

/// Why there is nothing to run: help that was asked for (code 0, text for stdout) or a usage error (code 2, one line).
struct Refusal {
  ExitCode code = ExitCode::kUsage;
  std::string text;
};

tl::expected<Command, Refusal> parse(int argc, char** argv);

}  // namespace referee::cli
