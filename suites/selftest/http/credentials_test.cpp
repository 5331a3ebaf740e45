#include "referee/http/credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "credential_helper.hpp"

namespace referee::http {
namespace {

using testing::HasSubstr;

class CredentialFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "referee-credentials-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    for (const auto* name : {"REFEREE_USERNAME", "REFEREE_PASSWORD"}) unsetenv(name);
    setenv("DOCKER_CONFIG", folder_.c_str(), 1);
    path_ = getenv("PATH");
    setenv("PATH", (folder_.string() + ":" + path_).c_str(), 1);
  }
  void TearDown() override {
    for (const auto* name : {"REFEREE_USERNAME", "REFEREE_PASSWORD", "DOCKER_CONFIG"}) unsetenv(name);
    setenv("PATH", path_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  void helper(const std::string& name, const std::string& script) {
    const auto file = write("docker-credential-" + name, "#!/bin/sh\n" + script);
    chmod(file.c_str(), 0755);
  }
  /// "user/password/identity", "none", or the message of the failure.
  static std::string load(const std::string& host, CredentialSources sources = {}) {
    sources.host = host;
    const auto store = load_credentials(sources);
    if (!store) return store.error();
    const auto found = *store ? (*store)->find(host) : std::nullopt;
    return found ? found->username + "/" + found->password + "/" + found->identity_token : "none";
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(CredentialFiles, NothingAnywhereIsAnonymous) {
  EXPECT_EQ(load("h"), "none");
}

TEST_F(CredentialFiles, FilesOfFlagsWin) {
  setenv("REFEREE_USERNAME", "env", 1);
  setenv("REFEREE_PASSWORD", "env", 1);
  CredentialSources sources;
  sources.username_file = write("user", "me\n");
  sources.password_file = write("password", " with spaces \r\n\n");
  EXPECT_EQ(load("h", sources), "me/ with spaces /");
  EXPECT_EQ(load("h"), "env/env/");
}

TEST_F(CredentialFiles, WhatIsWrongIsSaid) {
  CredentialSources sources;
  sources.username_file = write("user", "me");
  EXPECT_THAT(load("h", sources), HasSubstr("--password-file"));
  sources.password_file = (folder_ / "absent").string();
  EXPECT_THAT(load("h", sources), HasSubstr("absent, which does not exist"));
  sources.password_file = write("empty", "\n");
  EXPECT_THAT(load("h", sources), HasSubstr("is empty"));
  sources.password_file = folder_.string();
  EXPECT_THAT(load("h", sources), HasSubstr("is a folder"));
  setenv("REFEREE_USERNAME", "env", 1);
  EXPECT_THAT(load("h"), HasSubstr("REFEREE_PASSWORD"));
}

TEST_F(CredentialFiles, DockerConfigAuths) {
  write("config.json", R"({"auths":{
    "plain.example:5000":{"auth":"dXNlcjpwYTpzcw=="},
    "https://old.example/v1/":{"username":"u","password":"p"},
    "token.example":{"auth":"MDAwOg==","identitytoken":"idt"},
    "https://index.docker.io/v1/":{"auth":"aHViOnB3"},
    "broken.example":{"auth":"%%%"},
    "odd.example":5}})");
  EXPECT_EQ(load("plain.example:5000"), "user/pa:ss/");
  EXPECT_EQ(load("plain.example"), "none") << "another port is another host";
  EXPECT_EQ(load("OLD.example"), "u/p/");
  EXPECT_EQ(load("token.example"), "000//idt");
  EXPECT_EQ(load("registry-1.docker.io"), "hub/pw/");
  EXPECT_EQ(load("docker.io"), "hub/pw/");
  EXPECT_EQ(load("unknown.example"), "none");
  EXPECT_THAT(load("broken.example"), HasSubstr("docker login"));
  EXPECT_THAT(load("odd.example"), HasSubstr("not an object"));
}

TEST_F(CredentialFiles, BrokenDockerConfig) {
  CredentialSources sources;
  sources.docker_config = write("other.json", "{");
  EXPECT_THAT(load("h", sources), HasSubstr("not a JSON object"));
  sources.docker_config = (folder_ / "absent.json").string();
  EXPECT_THAT(load("h", sources), HasSubstr("does not exist"));
  sources.docker_config = write("deep.json", std::string(100000, '['));
  EXPECT_THAT(load("h", sources), HasSubstr("not a JSON object"));
}

TEST_F(CredentialFiles, HelpersAreAsked) {
  write("config.json", R"({"credHelpers":{"one.example":"good"},"credsStore":"store","auths":{"two.example":{}}})");
  helper("good", R"(read server; echo "{\"ServerURL\":\"$server\",\"Username\":\"$server-$1\",\"Secret\":\"s\"}")");
  helper("store", R"(read server; case $server in two.example) echo '{"Username":"<token>","Secret":"idt"}';;)"
                  "\n*) echo 'credentials not found in native keychain'; exit 1;; esac");
  EXPECT_EQ(load("one.example"), "one.example-get/s/");
  EXPECT_EQ(load("two.example"), "//idt");
  EXPECT_EQ(load("three.example"), "none");
}

TEST_F(CredentialFiles, HelpersThatMisbehave) {
  helper("fails", "exit 3");
  helper("silent", "exit 0");
  helper("endless", "yes");
  helper("hangs", "exec sleep 30");
  helper("leaves-a-child", "sleep 30 &\nexit 0");
  EXPECT_THAT(ask_helper("fails", "h").error(), HasSubstr("exit code 3"));
  EXPECT_THAT(ask_helper("silent", "h").error(), HasSubstr("no credential"));
  EXPECT_THAT(ask_helper("endless", "h").error(), HasSubstr("printed too much"));
  EXPECT_THAT(ask_helper("hangs", "h", std::chrono::milliseconds(100)).error(), HasSubstr("took too long"));
  EXPECT_THAT(ask_helper("leaves-a-child", "h", std::chrono::milliseconds(100)).error(), HasSubstr("took too long"));
  EXPECT_THAT(ask_helper("absent", "h").error(), HasSubstr("cannot be started"));
  EXPECT_THAT(ask_helper("../../bin/sh", "h").error(), HasSubstr("[a-z0-9-]+"));
  EXPECT_THAT(ask_helper("", "h").error(), HasSubstr("[a-z0-9-]+"));
}

}  // namespace
}  // namespace referee::http
