"""Headings of task lists and of lists of those present, and titles of columns, by language."""

from __future__ import annotations

import re
from typing import NamedTuple

from documents.pipeline.analysis.offline.patterns import one_of, phrases


class Headings(NamedTuple):
    """What stands above a task list, in front of those present; an example of each."""

    language: str
    tasks: str
    present: str
    example: str
    names: str


HEADINGS = (
    Headings(
        "en",
        """
        action, actions, action item, action items, action point, action points, action list,
        actions item, actions items, actions point, actions point list, actions points,
        actions list, to-do, to-dos, todo, todos, to do, to do list, to-do list, tasks, task list,
        next steps, follow-up, follow-ups, followup, followups, open points, outstanding actions,
        action log
        """,
        "present, attending, attendees, attended by, participants, in attendance, apologies,"
        " absent",
        "Action items:",
        "Present: Tom Hill, Maria",
    ),
    Headings(
        "de",
        """
        aufgaben, aufgabenliste, maßnahmen, maßnahmenplan, offene punkte, offene aufgaben, to-dos,
        zu erledigen, nächste schritte, arbeitsaufträge, aufträge
        """,
        "anwesend, anwesende, teilnehmer, teilnehmende, teilnehmerinnen, entschuldigt, protokoll",
        "Offene Punkte:",
        "Anwesend: Anja, Holger Meier",
    ),
    Headings(
        "fr",
        """
        à faire, action à mener, actions à mener, actions, tâches, liste des tâches,
        points à traiter, prochaines étapes, relevé d'actions, suites à donner, tâches à faire
        """,
        "présents, présent, présentes, participants, étaient présents, excusés, absents",
        "À faire :",
        "Présents : Claire, Hugo",
    ),
    Headings(
        "es",
        """
        tareas, tareas pendientes, pendientes, por hacer, acciones, próximos pasos,
        lista de tareas, asuntos pendientes, acciones pendientes, acuerdos y tareas
        """,
        "asistentes, presentes, participantes, asistieron, ausentes",
        "Tareas pendientes:",
        "Asistentes: Marta, Raúl",
    ),
    Headings(
        "it",
        """
        da fare, cose da fare, compiti, azioni, attività, prossimi passi, elenco attività,
        azioni da intraprendere, attività da svolgere
        """,
        "presenti, partecipanti, assenti",
        "Da fare:",
        "Presenti: Luca, Marta",
    ),
    Headings(
        "pt",
        """
        a fazer, tarefas, tarefas pendentes, pendências, ações, próximos passos, por fazer,
        lista de tarefas, coisas a fazer
        """,
        "presentes, participantes, ausentes",
        "A fazer:",
        "Presentes: Rui, Beatriz",
    ),
    Headings(
        "nl",
        """
        actiepunten, actielijst, actiepuntenlijst, te doen, taken, takenlijst, acties, afspraken,
        openstaande punten, volgende stappen
        """,
        "aanwezig, aanwezigen, deelnemers, afwezig",
        "Actiepunten:",
        "Aanwezig: Joke, Wim",
    ),
    Headings(
        "pl",
        """
        zadania, do zrobienia, lista zadań, zadania do wykonania, działania, następne kroki,
        ustalenia i zadania
        """,
        "obecni, uczestnicy, nieobecni",
        "Do zrobienia:",
        "Obecni: Marek, Zofia",
    ),
    Headings(
        "cs",
        "úkoly, k vyřízení, seznam úkolů, zadané úkoly, další kroky, co udělat, akční body",
        "přítomni, účastníci, omluveni",
        "Úkoly:",
        "Přítomni: Eva, Karel",
    ),
    Headings(
        "ru",
        """
        задачи, поручения, список задач, к исполнению, что сделать, сделать, следующие шаги,
        открытые вопросы
        """,
        "присутствовали, участники, присутствующие, отсутствовали",
        "Задачи:",
        "Присутствовали: Ольга, Сергей",
    ),
    Headings(
        "zh",
        """
        待办事项, 待办, 行动项, 行动事项, 任务, 任务清单, 后续工作, 下一步, 下一步工作,
        待辦事項, 任務, 行動項目
        """,
        "参加人员, 与会人员, 出席人员, 出席, 參加人員",
        "待办事项：",
        "参加人员：王芳、李强",
    ),
    Headings(
        "ja",
        """
        タスク, タスク一覧, アクションアイテム, 宿題, やること, todo, 対応事項, 今後の対応,
        課題と担当, 次のアクション
        """,
        "出席者, 参加者, 欠席者",
        "タスク：",
        "出席者：佐藤、鈴木",
    ),
    Headings(
        "ar",
        "المهام, المهام المطلوبة, قائمة المهام, الإجراءات, الإجراءات المطلوبة, الخطوات"
        " التالية, للتنفيذ",
        "الحاضرون, الحضور, المشاركون",
        "المهام:",
        "الحاضرون: ليلى، سامي",
    ),
    Headings(
        "sv",
        "att göra, åtgärder, uppgifter, åtgärdslista, nästa steg, aktiviteter",
        "närvarande, deltagare, frånvarande",
        "Att göra:",
        "Närvarande: Lars, Maj",
    ),
)

_TASKS = one_of(", ".join(row.tasks for row in HEADINGS))
# A number and one adjective may stand before it, nothing but a colon or the like behind it.
SECTION = re.compile(rf"\W{{0,9}}(?:\d+\W{{1,3}})?(?:open )?{_TASKS}\W{{0,9}}$", re.IGNORECASE)

_PRESENT = one_of(", ".join(row.present for row in HEADINGS))
PRESENT_LINE = re.compile(
    rf"\W{{0,9}}{_PRESENT}\s{{0,3}}[:：]\s{{0,3}}(?P<names>.{{1,400}})", re.IGNORECASE | re.DOTALL
)

TITLES = {
    "task": """
        task, tasks, action, actions, what, to-do, todo, to do, measure, step, next step, activity,
        action item, action items, what needs doing, description of action, aufgabe, maßnahme, was,
        tätigkeit, tâche, action à mener, quoi, tarea, acción, qué, compito, attività, azione, cosa,
        tarefa, ação, o quê, taak, actie, wat, actiepunt, zadanie, działanie, úkol, co, задача,
        поручение, что, 任务, 待办事项, 行动项, 事项, タスク,
        内容, 作業, المهمة, uppgift, åtgärd, vad
    """,
    "who": """
        who, owner, responsible, responsible person, assignee, assigned to, lead, person, by,
        action by, name, wer, verantwortlich, zuständig, verantwortliche, qui, responsable, pilote,
        quién, chi, responsabile, quem, responsável, wie, verantwoordelijke, kto, osoba,
        odpowiedzialny, kdo, odpovídá, кто, ответственный, исполнитель, 负责人, 担当, 担当者,
        المسؤول, vem, ansvarig
    """,
    "due": """
        due, due date, due by, deadline, target date, when, date, by-when, by when, bis, bis wann,
        frist, termin, fällig, échéance, délai, quand, pour le, plazo, fecha, fecha límite, cuándo,
        scadenza, entro, quando, prazo, data, wanneer, uiterlijk, datum, kiedy, termín, kdy, срок,
        когда, 截止日期, 期限, 完成时间, 締切, 期日, الموعد, när
    """,
    "status": "status, state, progress, stand, statut, estado, stato, stav, статус, 状态, 状態",
    "priority": "priority, prio, priorität, priorité, prioridad, priorità, prioriteit, priorytet",
}
ROLE_OF_TITLE = {title: role for role, titles in TITLES.items() for title in phrases(titles)}
FINISHED_WORDS = one_of(
    """
    done, closed, completed, complete, finished, canceled, cancelled, erledigt, abgeschlossen,
    fait, terminé, hecho, terminado, fatto, feito, concluído, klaar, gereed, afgerond, zrobione,
    wykonano, hotovo, splněno, выполнено, готово, 已完成, 完成, 完了, 済, تم, klart, klar
    """
)
FINISHED = re.compile(rf"{FINISHED_WORDS}\W{{0,9}}", re.IGNORECASE)
# "completed 3 March", "done by Tom"; but "done 50 %" is not done, nor what is done "if".
FINISHED_SINCE = re.compile(
    rf"\W{{0,3}}{FINISHED_WORDS}(?![\w-])(?!\W{{0,3}}\d{{1,2}} ?%)(?!\W{{0,3}}\?)", re.IGNORECASE
)
