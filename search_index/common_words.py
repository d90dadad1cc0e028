"""Words that people say around what they mean; they count for little in a question, and are never taken for slips.

Folded as the analysis folds. Unlike stop words they still count: "turn off", "after", "without" do tell something.
"""

from __future__ import annotations

COMMON_WORDS: dict[str, str] = {
    "en": """ll ve re d m s t don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn cannot im ive dont
        cant doesnt u ur he she him his her hers himself herself itself myself yourself themselves ours yours
        theirs those whose whom been being doing done having may might must shall ought let lets but because
        than then though although while until unless whether either neither nor however else some each every all
        both few more most much many other others another such same own several very just only also even really
        still yet too quite rather maybe perhaps already again ever never always often sometimes anymore here
        out up down over under off through during before after above below between against without within upon
        among across since further once like know think say says said see look looking try trying use used using
        make makes made go going gone come take give got getting thing things something anything everything
        nothing someone anyone everyone people one ones please plz pls thanks thank hi hello hey sorry ok okay
        yes dear sir madam best easiest easy exactly simply able kind sort type types lot bit happens happen
        mean means""",
    "de": """aber alle allem allen aller alles also andere anderen anderer anderes andern da dadurch dafur dagegen daher
        dahin damals damit danach daneben dann daran darauf daraus darin daruber darum davon davor dazu deine
        deinem deinen deiner dein dessen deren diese diesem diesen dieser dieses dies denn dich dir doch dort
        durch eigentlich einige einigen einiger einiges einmal etwas euch euer eure gegen gewesen hatten hier
        hin hinter ihm ihn ihnen ihre ihrem ihren ihrer ihres immer ins jede jedem jeden jeder jedes jene jenem
        jenen jener jenes jetzt jedoch machen macht mache manche manchen mancher manches mehr meiner meines
        musste nach nachdem nichts nie noch nur ohne sehr selbst seit seine seinem seinen seiner seines sondern
        sonst sowie solche solchen solcher uber um uns unser unsere unter viel viele vielen vieler vor wahrend
        weil weiter weitere wenige wieder wohl zwar zwischen gibt gab geben gilt laut statt gern gerne schon mal
        eben bereits etwa ganz wogegen wozu womit woran worauf wodurch wofur wobei worin nennt nannte genannt
        heisst hiess tun tut tat geht gehen ging lassen lasst lass finden findet fand hallo danke guten tag
        leute jemand niemand dinge ding sache art wollen will willst sollen sollten""",
    "es": """ante antes aunque bajo cada casi contra cosa cosas cualquier desde despues durante ella ellas ello ellos entre
        esos esas aquel aquella aquellos aquellas estos estas estaban estado esten gran hasta hacia hizo hacen
        haciendo hice mas menos mientras mismo misma mismos mismas mucho mucha muchos muchas muy nada ni ninguno
        ninguna nuestro nuestra nuestros nosotros otra otras otro otros pero poco pocos pues segun sera seria
        sido siempre sino sobre solo tal tales tambien tampoco tan tanto tanta tantos tenia tenian tuvo todo
        toda todos todas tras usted ustedes vosotros ya suyo suya alguien algo alguno alguna algunos algunas
        ademas ahora aqui alli alla asi aun bien cuanto cuanta cuantos cuantas cuya cuyo dar dio dice dijo hola
        gracias ir va van voy pueda puedan pudo podia quiere quisiera necesito saber sabe gente persona tipo
        forma manera vez veces nombre llama""",
    "fr": """afin ainsi alors apres assez aucun aucune aujourd aussi autre autres avant beaucoup bien bon bonjour car cela
        celle celles celui ceux chaque chez chose choses combien depuis deja derriere dessous dessus devant donc
        eux encore ensuite entre etaient etant ete fois gens hors ici jamais jusque juste leurs lors lorsque
        mais malgre meme memes merci mieux moi moins mon notre nos votre vos oui non parce parfois parmi partout
        pendant peu plus plutot plusieurs pres puisque quelque quelques quelqu rien sans sauf selon sera
        seulement sinon soit sous souvent suite surtout tant tel telle tellement toujours tous tout toute toutes
        tres trop vers voici voila va vais vont aller fais font fois genre type sorte salut svp besoin savoir
        sait""",
    "it": """adesso ai alcuni alcune allora altra altre altri altro anche ancora appena bene buongiorno ciao ciascuno cioe
        contro cosi davvero dentro dietro dopo dove dunque durante ecco entro essa essi ella fare fa fanno fatto
        fino fra fuori gia giu grazie infatti insieme intanto invece la li loro ma mai meglio meno mentre mezzo
        molta molte molti molto nemmeno neppure nessun nessuno niente nostra nostro nulla ogni oltre oppure ora
        per pero piu poca pochi poco poi prima proprio pure qualche qualcosa qualcuno quando quasi quindi sempre
        senza sia solo sono sopra sotto stata stato stessa stesso subito tale tanta tanti tanto tra troppo tutta
        tutte tutti tutto verso via volta volte vostra vostro gente tipo vorrei""",
    "nl": """al alles als altijd ander andere anders bij daar daarom dan deze die dit doen doet door dus echt eens eerst elk
        elke erg even gaan gaat geen gewoon goed graag hallo heb heel hem hen hier hij hoeveel hun iemand iets
        jullie kan komen krijg maar maken maakt meer mensen mij mijn minder moeten na naar nadat nee niemand
        niets nodig nog nu omdat onder ons onze ook over per soms steeds te tegen toch toen tot uit veel vaak
        voor voordat waarom want weer wel weten zeer zelf zich zij zonder zou zulke bedankt dag dingen ding
        soort""",
    "pt": """agora ainda alem algo alguem algum alguma alguns ali antes apenas aquele aquela aqui assim ate bem bom cada
        coisa coisas contra depois desde dessa desse deste durante ela elas ele eles entre essa esse esta este
        fazer faz feito gente isso isto ja la lhe mais mas menos mesmo mesma muito muita muitos nada nem nenhum
        nessa nesse nosso nossa nunca obrigado oi ola outra outro outros pela pelo perto poderia pois porem
        pouco preciso pra quase quanto saber sei seja sempre so sobre tal talvez tambem tanto tao tipo toda todo
        todos tudo vai vez vezes voce voces vou""",
    "pl": """albo ale az bardzo bez bo byc byl byla bylo byly caly cos czyli dla dlatego do dobrze dzien gdy gdyz ich ile
        inne inny jego jej jednak jest jeszcze jesli juz kazda kazdy kilka ktos lub lubie maja mam mamy mial
        mniej moge mozna moj moja musi na nad nam nas nasz nawet nic niz oraz po pod podczas poniewaz potem
        potrzebuje prosze przed przez przy raz rowniez sa sam sobie sposob tak taki tam te tego tej tez tobie
        trzeba tu tutaj tylko u wiec wiecej wiem wszystko wszystkie za zawsze znowu zeby chce robic robi
        dziekuje czesc""",
    "sv": """aldrig alla allt alltid andra annan annat bara bra da dar dem den denna det detta dig din efter eller en endast
        fast finns fler fran fore ganska garna genom gor gora ha han hade har hej hellre henne hit hon honom
        ihop ingen inget innan ja just kanske lite mellan men mer mig min mina mycket nagon nagot nar nej nog nu
        nya ocksa ofta om oss over redan saker samma sedan sig sin sina sitt ska skulle slag snart som sort tack
        till tro under upp ut utan vad var vara varje veta vid vill visst vissa aven""",
    "ar": """بعض جدا ايضا فقط شيء اشياء احد شخص ناس مرة مرات الان هنا هناك دايما ابدا غير سوى مثل حول خلال ضد فوق تحت امام
        خلف لكن لان لذلك حيث كما عندما بينما اكثر اقل نفس اخر اخرى جديد كثير قليل شكرا مرحبا السلام نعم يوجد
        توجد يعمل تعمل عمل""",
}
