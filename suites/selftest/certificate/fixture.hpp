#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/sample.hpp"
#include "referee/certificate/certificate.hpp"

namespace referee::certificate::test {

inline const std::string kCommit(40, 'a');

struct World {
  conformance::Catalogue catalogue = conformance::sample::catalogue();
  conformance::Ledger ledger = conformance::sample::ledger();
  [[nodiscard]] reports::Book book() const { return {catalogue, ledger}; }
};
const World& world();

/// A folder that goes with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string read(const std::string& name) const;
  void write(const std::string& name, const std::string& bytes) const;
  void edit(const std::string& name, const std::string& from, const std::string& to) const;
  void copy_from(const Folder& other) const;

 private:
  std::string path_;
};

/// Judges a reference registry that is gone when this returns, as `check --results` does. Returns its URL.
std::string judge(const Folder& folder, const std::vector<std::string>& deviations = {},
                  const std::function<void(conformance::RunOptions&)>& change = {},
                  const std::string& profile = "oci-1.1");

/// A sound run, judged once for all tests.
const Folder& sound_run();

Build build();
signing::PrivateKey vendor();
signing::Time noon();  ///< soon after now
Order order(const Folder& folder);

/// Puts a line that closes a recording behind its lines again, whatever was there.
void seal_again(const Folder& folder);
/// Signs the folder as it is now with the vendor's key; `change` may edit the statement before.
void sign_again(const Folder& folder, const std::function<void(nlohmann::json&)>& change = {},
                const signing::PrivateKey& key = vendor());

/// The sentence of a refusal, behind "undecided: " if only another Referee can tell; empty if the certificate holds.
std::string refusal(const Folder& folder, const signing::PublicKey& key = vendor().public_key(),
                    signing::Time now = noon(), const RejudgeOptions& options = {});

/// A runtime that is right, with one content on which the specification is silent and one SHOULD that it misses.
RuntimeRun runtime_run();
/// The room does not know contents: whoever calls judges. `run`, if the pulls are those of write_runtime_run().
RejudgeOptions judged_as(const RuntimeRun& run);
/// As `referee runtime --results` does.
void write_runtime_run(const Folder& folder, const RuntimeRun& run);

}  // namespace referee::certificate::test
