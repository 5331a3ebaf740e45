#pragma once

#include <gtest/gtest.h>

#include <stdexcept>

#include "fixture.hpp"

namespace referee::certificate::test {

/// A submission of the sound run, a fresh copy for each test.
class Tampering : public testing::Test {
 protected:
  Tampering() { copy_.copy_from(submission()); }

  static const Folder& submission() {
    static const Folder kFolder;
    static const bool kFilled = [] {
      const auto made = certify(order(sound_run()), vendor(), build(), world().book());
      if (!made) throw std::runtime_error(made.error());
      for (const auto& [name, bytes] : made->files) kFolder.write(name, bytes);
      return true;
    }();
    EXPECT_TRUE(kFilled);
    return kFolder;
  }

  [[nodiscard]] nlohmann::json results() const { return nlohmann::json::parse(copy_.read("results.json")); }
  void results(const nlohmann::json& value) const { copy_.write("results.json", value.dump(2) + "\n"); }
  static nlohmann::json& check(nlohmann::json& results, const std::string& id) {
    for (auto& check : results["checks"]) {
      if (check["id"] == id) return check;
    }
    throw std::out_of_range(id);
  }
  static nlohmann::json& configuration(nlohmann::json& statement, const std::string& name) {
    for (auto& entry : statement["predicate"]["configuration"]) {
      if (entry["name"] == name) return entry;
    }
    throw std::out_of_range(name);
  }

  Folder copy_;
};

}  // namespace referee::certificate::test
