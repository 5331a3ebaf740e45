#include "fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "referee/http/recording.hpp"
#include "referee/oci/digest.hpp"
#include "referee/reports/writers.hpp"
#include "referee/signing/bundle.hpp"
#include "statement.hpp"

namespace referee::certificate::test {

using nlohmann::json;

const World& world() {
  static const World kWorld;
  return kWorld;
}

Folder::Folder() {
  std::string pattern = testing::TempDir() + "certificate-XXXXXX";
  path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() {
  std::filesystem::remove_all(path_);
}

std::string Folder::read(const std::string& name) const {
  std::ostringstream out;
  out << std::ifstream(path_ + "/" + name, std::ios::binary).rdbuf();
  return out.str();
}

void Folder::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
}

void Folder::edit(const std::string& name, const std::string& from, const std::string& to) const {
  auto text = read(name);
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from << " in " << name;
  write(name, text.replace(at, from.size(), to));
}

void Folder::copy_from(const Folder& other) const {
  std::filesystem::copy(other.path(), path_, std::filesystem::copy_options::recursive);
}

std::string judge(const Folder& folder, const std::vector<std::string>& deviations,
                  const std::function<void(conformance::RunOptions&)>& change, const std::string& profile) {
  conformance::EmbeddedServer::Options server_options;
  server_options.profile = profile;
  server_options.deviations = deviations;
  const auto server = conformance::EmbeddedServer::start(server_options);
  if (!server) throw std::runtime_error(server.error());
  conformance::RunOptions options;
  options.connection.url = (*server)->url();
  options.connection.anonymous = true;
  options.target = (*server)->url().substr(7);
  options.seed = 7;
  options.jobs = 2;
  options.commit = kCommit;
  options.record = folder.path() + "/recording.jsonl";
  for (const auto& check : world().catalogue.all()) options.checks.push_back(check.id);
  if (change) change(options);
  const auto run = conformance::run(world().catalogue, world().ledger, options, {});
  if (!run) throw std::runtime_error(run.error().message);
  EXPECT_TRUE(run->info.complete);
  EXPECT_TRUE(reports::write_reports(folder.path(), *run, world().book()));
  EXPECT_TRUE(http::RecordingWriter::seal(options.record));
  return (*server)->url();
}

const Folder& sound_run() {
  static const Folder kFolder;
  static const auto kUrl = judge(kFolder);
  return kFolder;
}

Build build() {
  return {json::parse(sound_run().read("results.json"))["run"]["tool_version"], kCommit};
}

signing::PrivateKey vendor() {
  return signing::PrivateKey::from_seed(signing::KeyType::kEcdsaP256, 1, "vendor");
}

signing::Time noon() {
  static const auto kNow = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return kNow + std::chrono::hours(1);
}

Order order(const Folder& folder) {
  Order made;
  made.folder = folder.path();
  made.now = noon();
  made.product = {"Example: \"Inc\"", "Registry", "1.0", "https://example.test", ""};
  return made;
}

void seal_again(const Folder& folder) {
  auto text = folder.read("recording.jsonl");
  const auto last = text.rfind('\n', text.size() - 2) + 1;
  if (text.substr(last).find("\"end\"") != std::string::npos) text.resize(last);
  folder.write("recording.jsonl", text);
  ASSERT_TRUE(http::RecordingWriter::seal(folder.path() + "/recording.jsonl"));
}

void sign_again(const Folder& folder, const std::function<void(json&)>& change, const signing::PrivateKey& key) {
  const auto claim = signing::read_bundle(folder.read(std::string(kBundleFile)));
  ASSERT_TRUE(claim) << claim.error();
  auto statement = json::parse(claim->document);
  std::map<std::string, std::string> files;
  for (auto& subject : statement["subject"]) {
    const std::string name = subject["name"];
    if (name == "submission") continue;
    files[name] = folder.read(name);
    subject["digest"]["sha256"] = oci::Digest::of(files[name]).encoded();
  }
  for (auto& subject : statement["subject"]) {
    if (subject["name"] == "submission") subject["digest"]["sha256"] = submission_image(files).digest().encoded();
  }
  if (change) change(statement);
  folder.write(std::string(kBundleFile), signing::bundle_json(key, signing::kInTotoType, statement.dump()));
}

std::string refusal(const Folder& folder, const signing::PublicKey& key, signing::Time now,
                    const RejudgeOptions& options) {
  const auto verified = verify(folder.path(), key, now, build(), world().book(), options);
  if (verified) return "";
  EXPECT_EQ(verified.error().why.find('\n'), std::string::npos) << "one line: " << verified.error().why;
  return (verified.error().undecided ? "undecided: " : "") + verified.error().why;
}

RuntimeRun runtime_run() {
  RuntimeRun run;
  run.tool_version = build().version;
  run.commit = kCommit;
  run.contents = "sha256:" + std::string(64, '1');
  run.description = "sha256:" + std::string(64, '2');
  run.limit = 20;
  auto& matrix = run.matrix;
  matrix.tool_version = run.tool_version;
  matrix.kind = "runtimes";
  matrix.platform = "linux/amd64";
  matrix.seed = 1;
  matrix.started = 1'795'000'000;
  matrix.complete = true;
  matrix.columns = {{"toy|man", "a toy", "runtime", "1.0", "2.0", "", {"in-order (3 of 3)"}, {}, 2}};
  const auto add = [&](const char* row, conformance::Standing standing, conformance::Verdict verdict) {
    matrix.rows.push_back({row, "About it.", {"a.must"}, "image"});
    conformance::MatrixCell cell;
    cell.row = row;
    cell.column = "toy|man";
    cell.standing = standing;
    cell.verdict = verdict;
    matrix.cells.push_back(std::move(cell));
  };
  add("image", conformance::Standing::kRight, conformance::Verdict::kPass);
  add("open", conformance::Standing::kAllowed, conformance::Verdict::kObserved);
  add("nested", conformance::Standing::kFailed, conformance::Verdict::kWarn);
  return run;
}

RejudgeOptions judged_as(const RuntimeRun& run) {
  RejudgeOptions options;
  options.runtime = [run](std::string_view pulls) -> tl::expected<RuntimeRun, NotJudged> {
    if (pulls != "what was seen\n") return tl::unexpected(NotJudged{"line 1 of pulls.jsonl is none", ""});
    return run;
  };
  return options;
}

void write_runtime_run(const Folder& folder, const RuntimeRun& run) {
  folder.write("pulls.jsonl", "what was seen\n");
  for (const auto& [name, text] : runtime_reports(run.matrix, world().ledger)) folder.write(name, text);
}

}  // namespace referee::certificate::test
