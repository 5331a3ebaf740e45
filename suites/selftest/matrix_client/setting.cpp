#include "setting.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace referee::selftest {

runtimes::Description fake_client(const std::string& defects, const std::string& name) {
  const std::string script = REFEREE_SOURCE_DIR "/suites/selftest/matrix_client/fake_client.py";
  const auto command = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"${python}", "-S", "-B", script, defects});
    return words;
  };
  const nlohmann::json json{
      {"name", name},
      {"about", "a client that is wrong as told"},
      {"install", "apt-get install python3"},
      {"programs", {{"python", {"/usr/bin/python3"}}, {"cat", {"/bin/cat"}}}},
      {"pull", command({"pull", "${dir}", "${reference}"})},
      {"selected", {{{"command", {"${cat}", "${dir}/selected"}}, {"match", "(sha[0-9]+:[0-9a-f]+)"}}}},
      {"operations",
       {{"manifest", command({"manifest", "${reference}"})},
        {"blob", command({"blob", "${reference}", "${output}"})},
        {"tags", command({"tags", "${reference}"})},
        {"push", command({"push", "${layout}", "${reference}"})},
        {"attach", command({"attach", "${reference}", "${file}", "${type}", "${key}", "${value}"})},
        {"discover", command({"discover", "${reference}", "${type}"})},
        {"copy", command({"copy", "${reference}", "${target}"})},
        {"delete", command({"delete", "${reference}"})}}}};
  auto description = runtimes::parse_description(json.dump());
  EXPECT_TRUE(description.has_value()) << description.error();
  return description.value_or(runtimes::Description{});
}

conformance::Matrix try_fake(const std::string& defects, const std::vector<std::string>& checks) {
  suites::clients::ClientOptions options;
  options.clients = {fake_client(defects)};
  options.checks = checks;
  auto matrix = suites::clients::run_clients(options, conformance::Ledger::builtin());
  EXPECT_TRUE(matrix.has_value()) << matrix.error();
  return matrix.value_or(conformance::Matrix{});
}

}  // namespace referee::selftest
