#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "fixture.hpp"
#include "referee/http/recording.hpp"

namespace referee::http::test {

/// A file with a recording, and clients that fill it and are answered by it.
class RecordingTest : public testing::Test {
 protected:
  RecordingTest() {
    std::string pattern = testing::TempDir() + "recording-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ + "/recording.jsonl";
    EXPECT_TRUE(RecordingWriter::create(path_, R"({"kind":"run"})"));
    writer_ = *RecordingWriter::open(path_);
    writer_->begin("part");
  }
  ~RecordingTest() override { std::filesystem::remove_all(folder_); }

  ClientOptions recording() {
    auto options = bench_.options();
    options.record = writer_;
    return options;
  }
  /// Ends the recording and reads it.
  std::shared_ptr<const Recording> closed() {
    EXPECT_TRUE(writer_->end());
    EXPECT_TRUE(RecordingWriter::seal(path_));
    auto read = Recording::read(path_);
    EXPECT_TRUE(read) << read.error();
    return read ? *read : nullptr;
  }
  std::shared_ptr<Player> player() {
    auto made = std::make_shared<Player>(closed());
    EXPECT_TRUE(made->begin("part"));
    return made;
  }
  ClientOptions replaying(const std::shared_ptr<Player>& player) {
    auto options = bench_.options();
    options.replay = player;
    return options;
  }
  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    out << std::ifstream(path_, std::ios::binary).rdbuf();
    return out.str();
  }

  Bench bench_;
  std::string folder_;
  std::string path_;
  std::shared_ptr<RecordingWriter> writer_;
};

}  // namespace referee::http::test
