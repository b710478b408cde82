DELETE FROM supervision_sender WHERE hour < $1
