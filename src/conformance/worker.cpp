#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "assignment.hpp"
#include "exchange_log.hpp"
#include "failure_text.hpp"
#include "referee/conformance/replay.hpp"
#include "referee/distribution/journal.hpp"
#include "referee/http/recording.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr std::size_t kMaxAssignment = 16UL * 1024 * 1024;
constexpr std::size_t kMaxObservations = 200;
constexpr std::size_t kMaxFailures = 100;
constexpr const char* kSuite = "RefereeWorker";

/// Everything that one worker process shares between its checks.
class Worker {
 public:
  Worker(const Catalogue& catalogue, Assignment assignment)
      : catalogue_(catalogue), assignment_(std::move(assignment)), log_(assignment_.keep_exchanges) {}

  /// The failure's one-line cause, or nothing.
  tl::expected<void, std::string> connect() {
    if (!assignment_.journal.empty()) {
      auto journal = distribution::Journal::open(assignment_.journal);
      if (!journal) return tl::unexpected(journal.error());
      journal_ = std::move(*journal);
    }
    auto options = client_options(assignment_.connection, assignment_.check_timeout);
    if (assignment_.credential) options.credentials = fixed_credential(assignment_.host, *assignment_.credential);
    options.sink = [this](const http::Exchange& exchange) { log_.add(exchange); };
    if (auto loaded = load_tape(); !loaded) return loaded;
    options.record = recorder_;
    options.replay = player_;
    client_ = std::make_shared<http::Client>(std::move(options));
    registry_ = std::make_unique<distribution::Registry>(client_, assignment_.connection.url, journal_.get());
    return {};
  }

  [[nodiscard]] const std::vector<Assignment::Item>& items() const { return assignment_.checks; }

  /// Runs one check inside the GoogleTest case that is current; finish() sends what came of it.
  void run(const Assignment::Item& item);
  void finish();
  /// From the listener, serialised by GoogleTest, from any thread.
  void failed(const testing::TestPartResult& part);

 private:
  tl::expected<void, std::string> load_tape();
  /// Whether there is anything that the check can be played from.
  bool begin_tape(const std::string& part);
  void end_tape();
  void run_body(const Check& check, Context& context);
  void end_early(Outcome outcome, const std::string& reason) {
    result_.outcome = outcome;
    result_.reason = printable(reason, 600);
  }
  void send(const nlohmann::json& line) const;

  const Catalogue& catalogue_;
  Assignment assignment_;
  ExchangeLog log_;
  std::unique_ptr<distribution::Journal> journal_;
  std::shared_ptr<http::RecordingWriter> recorder_;
  std::shared_ptr<http::Player> player_;
  std::shared_ptr<http::Client> client_;
  std::unique_ptr<distribution::Registry> registry_;
  bool running_ = false;
  RawResult result_;
  std::chrono::steady_clock::time_point begun_;
};

void Worker::send(const nlohmann::json& line) const {
  std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text += '\n';
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = ::write(assignment_.descriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) std::_Exit(70);  // Nobody listens any more.
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

tl::expected<void, std::string> Worker::load_tape() {
  if (!assignment_.record.empty()) {
    auto writer = http::RecordingWriter::open(assignment_.record);
    if (!writer) return tl::unexpected(writer.error());
    recorder_ = std::move(*writer);
  }
  if (!assignment_.replay.empty()) {
    auto recording = http::Recording::read(assignment_.replay);
    if (!recording) return tl::unexpected(recording.error());
    player_ = std::make_shared<http::Player>(std::move(*recording));
  }
  return {};
}

bool Worker::begin_tape(const std::string& part) {
  if (recorder_) recorder_->begin(part);
  return !player_ || player_->begin(part);
}

void Worker::end_tape() {
  std::string why;
  if (recorder_) {
    if (auto ended = recorder_->end(); !ended) why = ended.error();
  } else if (player_) {
    const auto left = player_->left();
    why = player_->missing().value_or(
        left > 0 ? fmt::format("the recording has {} that nothing asked for", oci::counted(left, "answer")) : "");
  }
  if (why.empty()) return;
  // Whatever the check made of it: it was not the run that was recorded.
  result_.failures.clear();
  end_early(Outcome::kError, why);
}

void Worker::run(const Assignment::Item& item) {
  const Check* check = catalogue_.find(item.id);
  if (check == nullptr) std::_Exit(70);
  for (const auto& id : check->after) {
    const auto known = assignment_.known.find(id);
    if (known == assignment_.known.end() || known->second) continue;
    assignment_.known[item.id] = false;
    send({{"skip", item.id}});
    return;
  }
  send({{"start", item.id}});
  result_ = RawResult{};
  result_.id = item.id;
  result_.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  begun_ = std::chrono::steady_clock::now();
  log_.begin(client_->exchanges());
  client_->set_deadline(begun_ + assignment_.check_timeout);
  running_ = true;

  Context::Options options;
  options.registry = registry_.get();
  options.capabilities = &assignment_.capabilities;
  options.check_id = item.id;
  options.namespace_prefix = assignment_.name_space;
  options.fixed_repositories = assignment_.fixed_repositories;
  options.seed = assignment_.seed;
  options.suffix = item.suffix;
  options.scale = find_scale(assignment_.scale).value_or(Scale{});
  options.fresh_registries = assignment_.fresh_registries;
  options.executable = assignment_.executable;
  if (const auto& embedded = assignment_.connection.embedded) options.embedded = &*embedded;
  Context context(std::move(options));
  if (begin_tape(part_name(item.id, item.suffix))) {
    run_body(*check, context);
  } else {
    end_early(Outcome::kError, "the recording has no part for this check");
  }
  // What the journal misses, nobody will clean up.
  if (const auto error = journal_ ? journal_->error() : std::nullopt) end_early(Outcome::kError, *error);
  for (const auto& observation : context.observations()) {
    if (result_.observations.size() == kMaxObservations) break;
    result_.observations.push_back({printable(observation.key), printable(observation.value, 600)});
  }
}

void Worker::run_body(const Check& check, Context& context) try {
  check.body(context);
} catch (const SetupFailed& failed) {
  end_early(Outcome::kInconclusive, failed.reason);
} catch (const tl::bad_expected_access<http::Error>& failed) {
  end_early(Outcome::kInconclusive, failed.error().message);
} catch (const std::exception& unexpected) {
  end_early(Outcome::kError, fmt::format("the check threw: {}", unexpected.what()));
} catch (...) {
  end_early(Outcome::kError, "the check threw something that is no std::exception");
}

void Worker::failed(const testing::TestPartResult& part) {
  if (!running_) return;
  if (part.skipped()) end_early(Outcome::kError, "a check may not skip itself");
  if (!part.failed() || result_.failures.size() == kMaxFailures) return;
  auto text = read_failure(part.summary());
  const auto shown = log_.pin(text.exchange);
  auto failure = with_headline(std::move(text), log_.find(shown));
  failure.exchange = shown;
  // Sent at once: a failure counts even if the check then crashes or hangs.
  send({{"failure", failure}});
  result_.failures.push_back(std::move(failure));
}

void Worker::finish() {
  if (!running_) return;
  running_ = false;
  result_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  result_.exchanges = log_.kept();
  result_.requests = log_.requests();
  if (!result_.failures.empty()) result_.outcome = Outcome::kBroken;
  end_tape();
  for (auto& failure : result_.failures) {
    if (!failure.exchange) continue;
    // From a number within the check to an index into what was kept.
    const std::size_t number = *failure.exchange;
    failure.exchange.reset();
    for (std::size_t index = 0; index < result_.exchanges.size(); ++index) {
      if (result_.exchanges[index].number == number) failure.exchange = index;
    }
  }
  assignment_.known[result_.id] = result_.outcome == Outcome::kHeld;
  send({{"done", result_}});
}

/// The one fixture of all checks.
class CheckFixture : public testing::Test {
 public:
  CheckFixture(Worker& worker, const Assignment::Item& item) : worker_(worker), item_(item) {}
  void TestBody() override { worker_.run(item_); }

 private:
  Worker& worker_;
  const Assignment::Item& item_;
};

class Listener : public testing::EmptyTestEventListener {
 public:
  explicit Listener(Worker& worker) : worker_(worker) {}
  void OnTestPartResult(const testing::TestPartResult& part) override { worker_.failed(part); }
  void OnTestEnd(const testing::TestInfo& /*info*/) override { worker_.finish(); }

 private:
  Worker& worker_;
};

tl::expected<std::string, std::string> read_input() {
  std::string text;
  std::string buffer(65536, '\0');
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return tl::unexpected(std::string("standard input cannot be read"));
    if (count == 0) return text;
    text.append(buffer, 0, static_cast<std::size_t>(count));
    if (text.size() > kMaxAssignment) return tl::unexpected(std::string("the assignment is too long"));
  }
}

/// GoogleTest as a library: nothing from its command line or environment, nothing on the terminal.
void prepare_googletest(Listener* listener) {
  for (const char* variable : {"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE",
                               "TEST_PREMATURE_EXIT_FILE", "TESTBRIDGE_TEST_ONLY", "XML_OUTPUT_FILE"}) {
    ::unsetenv(variable);  // NOLINT(concurrency-mt-unsafe): the worker has one thread here
  }
  int count = 1;
  std::string name = "referee";
  char* arguments[] = {name.data(), nullptr};
  testing::InitGoogleTest(&count, arguments);
  GTEST_FLAG_SET(filter, std::string(kSuite) + ".*");
  GTEST_FLAG_SET(output, "");
  GTEST_FLAG_SET(repeat, 1);
  GTEST_FLAG_SET(shuffle, false);
  GTEST_FLAG_SET(fail_fast, false);
  GTEST_FLAG_SET(list_tests, false);
  GTEST_FLAG_SET(break_on_failure, false);
  GTEST_FLAG_SET(throw_on_failure, false);
  GTEST_FLAG_SET(catch_exceptions, true);
  GTEST_FLAG_SET(also_run_disabled_tests, false);
  GTEST_FLAG_SET(stream_result_to, "");
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  delete listeners.Release(listeners.default_xml_generator());
  listeners.Append(listener);
}

int complain(const std::string& text) {
  (void)std::fputs(fmt::format("referee worker: {}\n", text).c_str(), stderr);
  return 70;
}

}  // namespace

int worker_main(const Catalogue& catalogue) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)std::signal(SIGPIPE, SIG_IGN);
  const auto input = read_input();
  if (!input) return complain(input.error());
  auto assignment = read_assignment(*input);
  if (!assignment) return complain(assignment.error());
  // The parent may have died before prctl() took effect.
  if (assignment->parent != 0 && ::getppid() != assignment->parent) return 70;

  Worker worker(catalogue, std::move(*assignment));
  if (auto connected = worker.connect(); !connected) return complain(connected.error());
  prepare_googletest(new Listener(worker));
  std::size_t number = 0;
  for (const auto& item : worker.items()) {
    testing::RegisterTest(kSuite, fmt::format("{:06}", number++).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [&worker, &item] { return new CheckFixture(worker, item); });
  }
  // Its result says whether a check failed: that is for the parent to judge.
  if (RUN_ALL_TESTS() != 0) return 0;
  return 0;
}

}  // namespace referee::conformance
