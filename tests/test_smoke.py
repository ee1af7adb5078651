def test_the_start_page_opens(client):
    assert client.get("/").status_code == 200


def test_flow(client, make_member, log_in, make_competition, apply_csv, run_jobs):
    a = make_member("ann", kaggle="annk", role="admin")
    c = make_competition(worst_score=0.0, best_score=1.0)
    apply_csv(c, "1,10,Ann,2026-01-01 00:00:00,0.9,3,annk")
    run_jobs()
    for path in [
        "/competitions",
        "/competitions/titanic",
        "/competitions/titanic/leaderboard",
        "/competitions/titanic/leaderboard.csv",
    ]:
        assert client.get(path).status_code == 200, path
    log_in(client, a)
    for path in [
        "/",
        "/competitions/new",
        "/competitions/titanic/edit",
        "/competitions/titanic/boards",
        "/competitions/titanic/boards/1",
        "/competitions/titanic/leaderboard/me",
        "/admin/jobs",
        "/events",
        "/admin/members",
        "/organise/kaggle-usernames",
        "/account",
    ]:
        r = client.get(path)
        assert r.status_code in (200, 302), (path, r.status_code)
    print(client.get("/competitions/titanic/leaderboard").text)
